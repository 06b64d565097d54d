"""Os quadros que passam pelo fio, para quem inspeciona. Desligada, não custa nada; senhas nunca aparecem (§9.3)."""

from __future__ import annotations

import re
from typing import Any

from protocolo.cargas import codificar, decodificar
from protocolo.erros import ErroQuadroInvalido
from protocolo.quadros import TAMANHO_DO_CABECALHO
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import QuadrosVistos, QuadroVisto

_QUADROS_MAX = 500
"""Por vez, quatro vezes por segundo: mais do que isso ninguém lê, e o núcleo não deve montar."""
_CARGA_MAX_BYTES = 65_536
_SEGREDO = "••••••"
_CAMPOS_SECRETOS = frozenset({"senha", "senha_atual", "sessao"})
# “/reg…” também mal escrito; o nome da sala entre aspas pode vir colado à senha, como o Robô aceita.
_COMANDO_COM_SENHA = re.compile(
    r'(\s*/(?:reg\w*(?=\s)|(?:join|entrar)\s+(?>"[^"]*"|\S+)))\s*\S.*', re.IGNORECASE | re.DOTALL
)
_PISTA_DE_SEGREDO = re.compile(rb"senha|sessao|privad|/msg|/reg|/join|/entrar", re.IGNORECASE)


class Inspecao:
    """Junta os quadros até a próxima leva."""

    def __init__(self) -> None:
        self.ligada = False
        self._quadros: list[QuadroVisto] = []
        self._perdidos = 0
        self._numero = 0

    def ligar(self, sim: bool) -> None:
        """Começa ou deixa de juntar."""
        self.ligada = sim
        self._quadros.clear()
        self._perdidos = 0

    def entrou(self, conexao: Conexao, carga: bytes, hora_ms: int) -> None:
        """Chegou um quadro, com a carga dada."""
        self._guardar(conexao, carga, hora_ms, e_entrada=True, destinatarios=1)

    def saiu(self, conexao: Conexao, quadro: bytes, hora_ms: int, destinatarios: int = 1) -> None:
        """Saiu um quadro para esta conexão e, se forem mais, para outras iguais a ela."""
        self._guardar(conexao, quadro[TAMANHO_DO_CABECALHO:], hora_ms, e_entrada=False, destinatarios=destinatarios)

    def tirar(self) -> QuadrosVistos:
        """A leva desde a anterior."""
        leva = QuadrosVistos(tuple(self._quadros), self._perdidos)
        self._quadros.clear()
        self._perdidos = 0
        return leva

    def _guardar(
        self, conexao: Conexao, carga: bytes, hora_ms: int, *, e_entrada: bool, destinatarios: int
    ) -> None:
        self._numero += 1
        if len(self._quadros) >= _QUADROS_MAX:
            self._perdidos += 1
            return
        nome = conexao.usuario.nome if conexao.usuario is not None else None
        endereco = f"{conexao.endereco[0]}:{conexao.endereco[1]}"
        self._quadros.append(
            QuadroVisto(
                self._numero, hora_ms, e_entrada, endereco, nome, sem_segredos(carga), destinatarios
            )
        )


def sem_segredos(carga: bytes) -> bytes:
    """A carga com senhas, fichas e textos privados trocados por pontos; o resto, igual."""
    try:
        objeto = decodificar(carga)
    except ErroQuadroInvalido:
        # Sem saber onde o segredo acaba, nada se mostra dali em diante.
        pista = _PISTA_DE_SEGREDO.search(carga)
        return carga[: pista.end()] + _SEGREDO.encode() if pista else carga[:_CARGA_MAX_BYTES]
    trocas: dict[str, Any] = {campo: _SEGREDO for campo in _CAMPOS_SECRETOS & objeto.keys()}
    texto = objeto.get("texto")
    if type(texto) is str:
        if objeto.get("tipo") == "privada":
            trocas["texto"] = _SEGREDO
        elif achado := _COMANDO_COM_SENHA.match(texto):
            trocas["texto"] = f"{achado[1]} {_SEGREDO}"
        elif re.match(r"\s*/(?:privado|msg)\b", texto, re.I):
            trocas["texto"] = f"{texto.split()[0]} {_SEGREDO}"
    return codificar(objeto | trocas) if trocas else carga
