"""Um palco para o núcleo: pessoas que falam o protocolo sem rede, num mundo de mentira."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from protocolo.quadros import enquadrar
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import Evento
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.portas import Oficina
from servidor.nucleo.regras import Regras
from tests.servidor.nucleo.mentiras import ArquivoDeMentira, OficinaImediata, OficinaLenta, RelogioDeMentira, SorteioDeMentira

__all__ = [
    "ArquivoDeMentira",
    "Cena",
    "Objeto",
    "OficinaImediata",
    "OficinaLenta",
    "Pessoa",
    "RelogioDeMentira",
    "SorteioDeMentira",
    "acompanhante",
    "motivo",
    "seqs",
]

Objeto = dict[str, Any]


class Pessoa:
    """Uma conexão ao núcleo, com tudo o que ele lhe mandou. Quem `nao_le` deixa os bytes à espera."""

    def __init__(self, cena: Cena, conexao: Conexao, nome: str | None) -> None:
        self.cena = cena
        self.conexao = conexao
        self.nome = nome
        self.ficha: str | None = None
        self.recebidos: list[Objeto] = []
        self.esperando: list[bytes] = []
        self.nao_le = False
        self.fechada = False
        self.chegada: Objeto = {}

    def pedir(self, tipo: str, **campos: Any) -> Objeto:
        """Manda um pedido com `id` e devolve a resposta; o resto fica em `eventos`."""
        campos.setdefault("id", next(self.cena.ids))
        self.mandar(tipo, **campos)
        return self.resposta(campos["id"])

    def exigir(self, tipo: str, **campos: Any) -> Objeto:
        """Como `pedir`, e tem de dar certo."""
        resposta = self.pedir(tipo, **campos)
        assert resposta["tipo"] == "ok", resposta
        return resposta

    def recusado(self, tipo: str, **campos: Any) -> str:
        """Como `pedir`, e tem de ser recusado; devolve o código."""
        resposta = self.pedir(tipo, **campos)
        assert resposta["tipo"] == "erro", resposta
        assert resposta["mensagem"]
        return resposta["codigo"]

    def mandar(self, tipo: str, **campos: Any) -> None:
        """Manda um pedido sem olhar a resposta."""
        self.mandar_cru(json.dumps({"tipo": tipo, **campos}).encode())

    def mandar_cru(self, *cargas: bytes) -> None:
        """Manda cargas prontas, cada uma no seu quadro."""
        self.bytes(b"".join(map(enquadrar, cargas)))

    def bytes(self, dados: bytes) -> None:
        """Manda bytes como estão."""
        with self.cena.lote():
            self.cena.nucleo.recebeu(self.conexao, dados)

    def resposta(self, id: str | int) -> Objeto:
        """Tira dos recebidos a única resposta a este `id`."""
        achadas = [objeto for objeto in self.recebidos if objeto.get("id") == id and objeto["tipo"] in ("ok", "erro")]
        assert len(achadas) == 1, f"{len(achadas)} respostas a {id}: {self.recebidos}"
        self.recebidos.remove(achadas[0])
        return achadas[0]

    def eventos(self, *tipos: str) -> list[Objeto]:
        """Tira e devolve o que chegou, ou só os destes tipos (os outros são esquecidos)."""
        chegados, self.recebidos = self.recebidos, []
        return [objeto for objeto in chegados if not tipos or objeto["tipo"] in tipos]

    def cair(self) -> None:
        """A conexão acaba sem despedida."""
        with self.cena.lote():
            self.cena.nucleo.caiu(self.conexao)
        self.fechada = True

    def ler(self) -> None:
        """Volta a ler: os bytes à espera chegam."""
        self.nao_le = False
        with self.cena.lote():
            self._abrir(b"".join(self.esperando))
            self.esperando.clear()
            self.cena.nucleo.levou(self.conexao, 0, 0)

    def levar(self) -> None:
        """Faz o papel da rede depois de um lote."""
        assert not self.fechada, f"{self.nome} já não está ligado e o núcleo lhe escreve"
        dados = b"".join(self.conexao.saida)
        self.conexao.saida.clear()
        if self.nao_le:
            self.esperando.append(dados)
        else:
            self._abrir(dados)
        self.cena.nucleo.levou(self.conexao, len(dados), sum(map(len, self.esperando)))

    def _abrir(self, dados: bytes) -> None:
        inicio = 0
        while inicio < len(dados):
            fim = inicio + 4 + int.from_bytes(dados[inicio : inicio + 4], "big")
            assert fim - inicio - 4 <= 1_048_576
            self.recebidos.append(json.loads(dados[inicio + 4 : fim]))
            inicio = fim


class Cena:
    """Um núcleo com o mundo dele de mentira."""

    def __init__(
        self, *, arquivo: ArquivoDeMentira | None = None, oficina: Oficina | None = None, **regras: Any
    ) -> None:
        self.regras = Regras("Turma", "9.9", **{"taxa_por_s": 0, "inatividade_s": 0, **regras})
        self.arquivo = arquivo or ArquivoDeMentira()
        self.oficina = oficina or OficinaImediata()
        self.relogio = RelogioDeMentira()
        self.sorteio = SorteioDeMentira()
        self.ids = count(1)
        self.publicados: list[Evento] = []
        self.pessoas: dict[Conexao, Pessoa] = {}
        self._portas = count(50_000)
        self._em_lote = False
        self._abrir_nucleo()

    def _abrir_nucleo(self) -> None:
        self.nucleo = Nucleo(
            self.regras, self.arquivo, self.relogio, self.sorteio, self.oficina, self.publicados.append
        )

    @property
    def central(self) -> Any:
        """O estado por dentro, para conferir invariantes."""
        return self.nucleo._central

    def reiniciar(self) -> None:
        """Outro núcleo sobre o mesmo arquivo, como depois de um kill -9; ninguém continua ligado."""
        for pessoa in self.pessoas.values():
            pessoa.fechada = True
        self.pessoas.clear()
        self._abrir_nucleo()

    @contextmanager
    def lote(self) -> Iterator[None]:
        """Tudo o que acontece dentro é do mesmo lote."""
        if self._em_lote:
            yield
            return
        self._em_lote = True
        self.nucleo.comecar_lote()
        try:
            yield
            self._terminar()
        finally:
            self._em_lote = False

    def _terminar(self) -> None:
        while conexoes := self.nucleo.terminar_lote():
            fechando = []
            for conexao in conexoes:
                pessoa = self.pessoas.get(conexao)
                if pessoa is None or pessoa.fechada:
                    conexao.saida.clear()
                    continue
                pessoa.levar()
                if conexao.fechando:
                    pessoa.fechada = True
                    fechando.append(conexao)
            for conexao in fechando:
                self.nucleo.caiu(conexao)

    def passar(self, s: float) -> None:
        """O tempo anda, parando em cada prazo do núcleo como faria o laço."""
        ate_s = self.relogio.s + s
        while (proximo_s := self.nucleo.proximo_prazo_s()) is not None and proximo_s <= ate_s:
            self.relogio.s = max(self.relogio.s, proximo_s)
            with self.lote():
                pass
        self.relogio.s = ate_s
        with self.lote():
            pass

    def ligar(self) -> Pessoa:
        """Uma conexão que ainda não disse nada."""
        with self.lote():
            conexao = self.nucleo.conectou(("127.0.0.1", next(self._portas)))
            self.pessoas[conexao] = pessoa = Pessoa(self, conexao, None)
        return pessoa

    def conectar(self, nome: str, ficha: str | None = None, salas: str = "") -> Pessoa:
        """Alguém que já cumprimentou e se identificou, e entrou nestas salas."""
        pessoa = self.ligar()
        pessoa.exigir("ola", versao=1)
        pessoa.chegada = pessoa.exigir("identificar", nome=nome, **({"sessao": ficha} if ficha else {}))
        pessoa.nome, pessoa.ficha = pessoa.chegada["nome"], pessoa.chegada["sessao"]
        for sala in salas.split():
            pessoa.exigir("entrar", sala=sala)
        return pessoa

    def voltar(self, antes: Pessoa) -> Pessoa:
        """A mesma pessoa, com a ficha dela, numa conexão nova."""
        assert antes.nome is not None
        return self.conectar(antes.nome, antes.ficha)

    def operar(self, linha: str) -> Any:
        """Um comando de quem opera; devolve a resposta."""
        with self.lote():
            self.nucleo.operar(linha)
        return self.publicados[-1]

    def esquecer(self, *pessoas: Pessoa) -> None:
        """Limpa o que já chegou."""
        for pessoa in pessoas or tuple(self.pessoas.values()):
            pessoa.recebidos.clear()


def seqs(objetos: list[Objeto]) -> list[int]:
    """As seq, na ordem."""
    return [o["seq"] for o in objetos]


def acompanhante(cena: Cena) -> Pessoa:
    """Alguém que acompanha a lista de salas."""
    pessoa = cena.conectar("Olho")
    pessoa.exigir("salas", acompanhar=True)
    return pessoa


def motivo(pessoa: Pessoa) -> str | None:
    """Por que a conexão foi fechada, ou None se ainda está aberta."""
    fins = [e["motivo"] for e in pessoa.recebidos if e["tipo"] == "desconectado"]
    assert pessoa.fechada is bool(fins)
    return fins[0] if fins else None
