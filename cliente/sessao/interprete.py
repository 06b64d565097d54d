"""Dos bytes do servidor aos fatos: quadros, JSON, saudação e eventos conferidos. Sem socket nem relógio."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from cliente.sessao.falhas import MOTIVOS_DE_DESCONEXAO, Falha, TipoDeFalha, montar_falha
from cliente.sessao.fatos import Avisou, Fato, Respondeu
from cliente.sessao.saudacao import ErroDeSaudacao, culpar_cabecalho, ler_saudacao
from cliente.sessao.tipos import ServidorConhecido
from protocolo.cargas import decodificar
from protocolo.erros import Codigo, ErroDeProtocolo, ErroQuadroGrande, ErroQuadroInvalido
from protocolo.limites import QUADRO_DO_CLIENTE_BYTES, QUADRO_DO_SERVIDOR_BYTES
from protocolo.mensagens import conferir_evento
from protocolo.quadros import LeitorDeQuadros

EVENTOS_INVALIDOS_MAX = 10
PREFIXO_DO_PING = "ping-"

_registro = logging.getLogger(__name__)


class FimDaConexao(Exception):
    """A conexão deve acabar; ``falha`` é ``None`` se foi a pedido."""

    def __init__(self, falha: Falha | None) -> None:
        self.falha = falha
        super().__init__()


class Interprete:
    """Pertence à thread da rede. ``ao_fato`` recebe cada fato e os bytes que ocupou no fio."""

    def __init__(self, ao_fato: Callable[[Fato, int], None], ao_saudar: Callable[[ServidorConhecido], None],
                 ao_pong: Callable[[str], None]) -> None:
        self._ao_fato, self._ao_saudar, self._ao_pong = ao_fato, ao_saudar, ao_pong
        self._leitor = LeitorDeQuadros(QUADRO_DO_CLIENTE_BYTES)
        self.foi_saudado = False
        self._invalidos = 0

    def alimentar(self, dados: bytes) -> None:
        """Guarda bytes recebidos até ``tratar``."""
        self._leitor.alimentar(dados)

    def tem_quadro_pela_metade(self) -> bool:
        """Depois de ``tratar`` devolver falso: se um quadro começou e não acabou."""
        return self._leitor.tem_quadro_pela_metade()

    def tratar(self) -> bool:
        """Trata um quadro inteiro, se houver; diz se houve. Levanta :class:`FimDaConexao`."""
        try:
            carga = self._leitor.proximo()
            if carga is None:
                return False
            objeto = decodificar(carga)
        except ErroQuadroGrande as causa:
            falha = montar_falha(TipoDeFalha.PROTOCOLO_QUEBRADO, str(causa))
            raise FimDaConexao(falha if self.foi_saudado else culpar_cabecalho(causa.tamanho_bytes)) from causa
        except ErroQuadroInvalido as causa:
            tipo = TipoDeFalha.PROTOCOLO_QUEBRADO if self.foi_saudado else TipoDeFalha.NAO_E_CHAT
            raise FimDaConexao(montar_falha(tipo, str(causa))) from causa
        self._tratar_objeto(objeto, len(carga))
        return True

    def _tratar_objeto(self, objeto: dict[str, Any], tamanho_bytes: int) -> None:
        if not self.foi_saudado:
            self._saudar(objeto)
        elif objeto.get("tipo") in ("ok", "erro"):
            self._tratar_resposta(objeto, tamanho_bytes)
        else:
            self._tratar_evento(objeto, tamanho_bytes)

    def _saudar(self, objeto: dict[str, Any]) -> None:
        try:
            servidor = ler_saudacao(objeto)
        except ErroDeSaudacao as erro:
            raise FimDaConexao(erro.falha) from erro
        self.foi_saudado = True
        self._leitor.limite_bytes = QUADRO_DO_SERVIDOR_BYTES
        self._ao_saudar(servidor)

    def _tratar_resposta(self, objeto: dict[str, Any], tamanho_bytes: int) -> None:
        identificacao = objeto.get("id")
        if type(identificacao) is str and identificacao.startswith(PREFIXO_DO_PING):
            self._ao_pong(identificacao)
        else:
            self._ao_fato(Respondeu(objeto), tamanho_bytes)

    def _tratar_evento(self, objeto: dict[str, Any], tamanho_bytes: int) -> None:
        try:
            campos = conferir_evento(objeto)
        except ErroDeProtocolo as erro:
            self._contar_invalido(erro)
            return
        self._invalidos = 0
        if objeto["tipo"] == "desconectado":
            raise FimDaConexao(_culpar_desconexao(campos))
        self._ao_fato(Avisou(objeto["tipo"], campos), tamanho_bytes)

    def _contar_invalido(self, erro: ErroDeProtocolo) -> None:
        if erro.codigo is Codigo.TIPO_DESCONHECIDO:
            return  # um servidor mais novo pode contar o que não conhecemos
        _registro.info("evento inválido do servidor: %r", str(erro)[:200])
        self._invalidos += 1
        if self._invalidos >= EVENTOS_INVALIDOS_MAX:
            raise FimDaConexao(montar_falha(TipoDeFalha.PROTOCOLO_QUEBRADO, str(erro)))


def _culpar_desconexao(campos: dict[str, Any]) -> Falha:
    tipo = MOTIVOS_DE_DESCONEXAO[campos["motivo"]]
    frase = montar_falha(tipo).frase
    texto = campos.get("texto")
    return montar_falha(tipo, campos["motivo"], f"{frase} ({texto})" if texto else frase)
