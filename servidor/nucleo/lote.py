"""O lote: mensagens que esperam a gravação e o estado que mudou. Nada é entregue antes de gravado (§6.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, Protocol

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.horas import formatar_hora
from protocolo.moldes import MoldeDaSala
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import Evento, GravacaoFalhou, GravacaoVoltou, MensagensEntregues
from servidor.nucleo.observacao import Observacao
from servidor.nucleo.portas import Anotacao, Arquivo, ChaveDeLinha, ErroDeGravacao, Linha, LinhaDeFala, MensagemGravada
from servidor.nucleo.salas import Sala
from servidor.nucleo.usuarios import Usuario


_ANOTACOES_MAX = 100_000


@dataclass(slots=True, eq=False)
class Fala:
    """Mensagens conferidas que esperam a gravação do lote: uma, ou muitas seguidas da mesma conexão na mesma sala."""

    conexao: Conexao
    usuario: Usuario
    sala: Sala
    ids: Sequence[str | int | None]
    textos: Sequence[str]
    refs: Sequence[str | None]
    seq: int = 0
    """A da primeira, desde que se vai gravar."""

    def __len__(self) -> int:
        return len(self.textos)

    def separar(self) -> Iterator[Fala]:
        """As mesmas mensagens, cada uma por si."""
        for id, texto, ref in zip(self.ids, self.textos, self.refs, strict=True):
            yield Fala(self.conexao, self.usuario, self.sala, (id,), (texto,), (ref,))

    def linha(self, hora_ms: int) -> LinhaDeFala:
        """Como se grava."""
        return self.sala.id, self.seq, self.usuario.nome, self.usuario.chave, self.textos, hora_ms, self.refs


class EstadoPerdido(Exception):
    """Um defeito no meio de uma gravação: o que estava por responder se perdeu, e só recomeçando do disco se está certo."""


class Correio(Protocol):
    """Por onde saem as confirmações, as entregas e as recusas do lote."""

    def espalhar(self, conexoes: Iterable[Conexao | None], quadros: list[bytes]) -> None:
        """Os mesmos quadros para várias conexões."""
        ...

    def recusar(self, conexao: Conexao, id: str | int | None, erro: ErroDeProtocolo) -> None:
        """O ``erro`` de um pedido."""
        ...


@dataclass(slots=True, eq=False)
class _Entrega:
    """O que o lote leva a uma sala."""

    molde: MoldeDaSala
    quadros: list[bytes] = field(default_factory=list)
    autores: list[str] = field(default_factory=list)
    """O nome de quem disse cada um."""


class Lote:
    """O que aconteceu desde a última gravação. Da thread do núcleo."""

    def __init__(
        self,
        arquivo: Arquivo,
        correio: Correio,
        observacao: Observacao,
        publicar: Callable[[Evento], None],
    ) -> None:
        self._arquivo = arquivo
        self._correio = correio
        self._observacao = observacao
        self._publicar = publicar
        self._pendentes: list[Fala] = []
        self._refs_pendentes: dict[tuple[int, str], set[str]] = {}
        self._sujos: dict[ChaveDeLinha, Linha | None] = {}
        self._anotacoes: list[Anotacao] = []
        self._gravando_bem = True
        self._hora_ms = 0

    def sujar(self, chave: ChaveDeLinha, linha: Linha | None) -> None:
        """Anota que uma linha do estado mudou, ou deixou de existir (``None``)."""
        self._sujos[chave] = linha

    def anotar(self, anotacao: Anotacao) -> None:
        """Guarda um acontecimento para a auditoria; com o disco cheio por muito tempo, os que não couberem se perdem."""
        if len(self._anotacoes) < _ANOTACOES_MAX:
            self._anotacoes.append(anotacao)

    def pendurar(self, fala: Fala) -> None:
        """Põe no lote mensagens já conferidas."""
        self._pendentes.append(fala)
        fala.conexao.tem_pendentes = fala.sala.tem_pendentes = True
        if refs := set(filter(None, fala.refs)):
            self._refs_pendentes.setdefault((fala.sala.id, fala.usuario.chave), set()).update(refs)

    def tem_ref(self, sala: Sala, usuario: Usuario, refs: Iterable[str]) -> bool:
        """Diz se uma mensagem com uma destas ``refs`` espera a gravação."""
        pendentes = self._refs_pendentes.get((sala.id, usuario.chave))
        return pendentes is not None and not pendentes.isdisjoint(refs)

    def assentar(self, hora_ms: int) -> None:
        """Grava o lote; só então confirma e entrega. Falhou: quem enviou recebe ``erro interno``."""
        self._hora_ms = hora_ms
        if not (self._pendentes or self._sujos or self._anotacoes):
            return
        pendentes, self._pendentes = self._pendentes, []
        self._refs_pendentes.clear()
        for fala in pendentes:
            fala.conexao.tem_pendentes = fala.sala.tem_pendentes = False
        try:
            self._gravar_ou_devolver(pendentes)
        except Exception as causa:
            raise EstadoPerdido(f"a gravação falhou no meio: {causa!r}") from causa

    def _gravar_ou_devolver(self, pendentes: list[Fala]) -> None:
        try:
            self._gravar_e_entregar(pendentes)
        except ErroDeGravacao as erro:
            if erro.passageiro:
                self._devolver(pendentes, erro)
            else:
                self._uma_por_uma(pendentes)

    @property
    def grava_bem(self) -> bool:
        """Diz se a última gravação deu certo."""
        return self._gravando_bem

    @property
    def deve(self) -> bool:
        """Diz se ficou estado por gravar, porque o disco recusou."""
        return bool(self._sujos or self._anotacoes)

    def _uma_por_uma(self, pendentes: list[Fala]) -> None:
        # Uma linha que o banco não aceita não derruba as outras do lote.
        sujos, self._sujos = self._sujos, {}
        anotacoes, self._anotacoes = self._anotacoes, []
        for chave, linha in sujos.items():
            self._gravar_ou_perder({chave: linha}, [])
        for anotacao in anotacoes:
            self._gravar_ou_perder({}, [anotacao])
        for fala in chain.from_iterable(juntas.separar() for juntas in pendentes):
            try:
                self._gravar_e_entregar([fala])
            except ErroDeGravacao as erro:
                self._devolver([fala], erro)

    def _gravar_ou_perder(self, sujos: dict[ChaveDeLinha, Linha | None], anotacoes: list[Anotacao]) -> None:
        try:
            self._arquivo.gravar([], sujos, anotacoes)
        except ErroDeGravacao as erro:
            if erro.passageiro:
                self._sujos |= sujos
                self._anotacoes += anotacoes
            self._publicar(GravacaoFalhou(str(erro), 0))

    def _gravar_e_entregar(self, pendentes: list[Fala]) -> None:
        proximas: dict[Sala, int] = {}
        linhas: list[LinhaDeFala] = []
        # Sala a sala, para que o índice do banco se percorra uma vez só.
        for fala in sorted(pendentes, key=lambda fala: fala.sala.id):
            fala.seq = proximas.get(fala.sala, fala.sala.ultima_seq + 1)
            proximas[fala.sala] = fala.seq + len(fala)
            linhas.append(fala.linha(self._hora_ms))
        self._arquivo.gravar(linhas, self._sujos, self._anotacoes)
        self._sujos, self._anotacoes = {}, []
        for sala, proxima in proximas.items():
            sala.ultima_seq = proxima - 1
            self._observacao.mexer_na_sala(sala)
        if not self._gravando_bem:
            self._gravando_bem = True
            self._publicar(GravacaoVoltou())
        self._confirmar_e_entregar(pendentes)

    def _confirmar_e_entregar(self, pendentes: list[Fala]) -> None:
        hora = formatar_hora(self._hora_ms)
        entregas: dict[Sala, _Entrega] = {}
        oks: dict[Conexao, list[bytes]] = {}
        for fala in pendentes:
            entrega = entregas.get(fala.sala)
            if entrega is None:
                entrega = entregas[fala.sala] = _Entrega(MoldeDaSala(fala.sala.nome, hora))
            quem = fala.usuario
            entrega.quadros += entrega.molde.mensagens(fala.seq, quem.nome, fala.textos, fala.refs)
            entrega.autores += repeat(quem.nome, len(fala))
            quem.mensagens += len(fala)
            self._observacao.mexer_no_usuario(quem)
            if confirmacoes := entrega.molde.confirmacoes(fala.seq, fala.ids):
                oks.setdefault(fala.conexao, []).extend(confirmacoes)
        for conexao, confirmacoes in oks.items():
            self._correio.espalhar((conexao,), confirmacoes)
        for sala, entrega in entregas.items():
            self._entregar(sala, entrega)

    def _entregar(self, sala: Sala, entrega: _Entrega) -> None:
        self._observacao.mensagens += len(entrega.quadros)
        self._correio.espalhar((usuario.conexao for usuario in sala.membros), entrega.quadros)
        tamanho_bytes = sum(map(len, entrega.quadros))
        self._publicar(MensagensEntregues(sala.nome, tuple(entrega.autores), len(sala.membros), tamanho_bytes))

    def _devolver(self, pendentes: list[Fala], erro: ErroDeGravacao) -> None:
        # O estado sujo fica para o próximo lote; as mensagens voltam a quem as escreveu.
        if self._gravando_bem:
            # Fica por gravar: enquanto houver o que gravar tenta-se de novo, e sabe-se quando o disco voltou.
            self.anotar(Anotacao(self._hora_ms, "parou de gravar", "", "", ""))
        if self._gravando_bem or pendentes:
            self._publicar(GravacaoFalhou(str(erro), sum(map(len, pendentes))))
        self._gravando_bem = False
        for fala in pendentes:
            for id in fala.ids:
                self._correio.recusar(fala.conexao, id, ErroDeProtocolo(Codigo.INTERNO))


def como_no_fio(linha: MensagemGravada, sala: str, hora: str | None = None) -> dict[str, Any]:
    """Uma mensagem gravada como vai no evento e no histórico (§6.1)."""
    carga: dict[str, Any] = {
        "sala": sala,
        "seq": linha.seq,
        "de": linha.de,
        "texto": linha.texto,
        "hora": hora or formatar_hora(linha.hora_ms),
    }
    if linha.ref is not None:
        carga["ref"] = linha.ref
    return carga
