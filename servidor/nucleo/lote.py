"""O lote: mensagens que esperam a gravação e o estado que mudou. Nada é entregue antes de gravado (§6.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.horas import formatar_hora
from protocolo.moldes import MoldeDaSala
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import Evento, GravacaoFalhou, GravacaoVoltou, MensagensEntregues
from servidor.nucleo.observacao import Observacao
from servidor.nucleo.portas import Anotacao, Arquivo, ChaveDeLinha, ErroDeGravacao, Linha, MensagemGravada
from servidor.nucleo.salas import Sala
from servidor.nucleo.usuarios import Usuario


_ANOTACOES_MAX = 100_000


@dataclass(slots=True)
class MensagemPendente:
    """Uma mensagem conferida que espera a gravação do lote."""

    conexao: Conexao
    id: str | int | None
    usuario: Usuario
    sala: Sala
    texto: str
    ref: str | None


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
    falaram: list[Usuario] = field(default_factory=list)


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
        self._pendentes: list[MensagemPendente] = []
        self._refs_pendentes: set[tuple[int, str, str]] = set()
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

    def pendurar(self, mensagem: MensagemPendente) -> None:
        """Põe uma mensagem já conferida no lote."""
        self._pendentes.append(mensagem)
        mensagem.conexao.pendentes += 1
        mensagem.sala.pendentes += 1
        if mensagem.ref is not None:
            self._refs_pendentes.add((mensagem.sala.id, mensagem.usuario.chave, mensagem.ref))

    def tem_ref(self, sala: Sala, usuario: Usuario, ref: str) -> bool:
        """Diz se uma mensagem com esta ``ref`` espera a gravação."""
        return (sala.id, usuario.chave, ref) in self._refs_pendentes

    def assentar(self, hora_ms: int) -> None:
        """Grava o lote; só então confirma e entrega. Falhou: quem enviou recebe ``erro interno``."""
        self._hora_ms = hora_ms
        if not (self._pendentes or self._sujos or self._anotacoes):
            return
        pendentes, self._pendentes = self._pendentes, []
        self._refs_pendentes.clear()
        for mensagem in pendentes:
            mensagem.conexao.pendentes = mensagem.sala.pendentes = 0
        try:
            self._gravar_ou_devolver(pendentes)
        except Exception as causa:
            raise EstadoPerdido(f"a gravação falhou no meio: {causa!r}") from causa

    def _gravar_ou_devolver(self, pendentes: list[MensagemPendente]) -> None:
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

    def _uma_por_uma(self, pendentes: list[MensagemPendente]) -> None:
        # Uma linha que o banco não aceita não derruba as outras do lote.
        sujos, self._sujos = self._sujos, {}
        anotacoes, self._anotacoes = self._anotacoes, []
        for chave, linha in sujos.items():
            self._gravar_ou_perder({chave: linha}, [])
        for anotacao in anotacoes:
            self._gravar_ou_perder({}, [anotacao])
        for mensagem in pendentes:
            try:
                self._gravar_e_entregar([mensagem])
            except ErroDeGravacao as erro:
                self._devolver([mensagem], erro)

    def _gravar_ou_perder(self, sujos: dict[ChaveDeLinha, Linha | None], anotacoes: list[Anotacao]) -> None:
        try:
            self._arquivo.gravar([], sujos, anotacoes)
        except ErroDeGravacao as erro:
            if erro.passageiro:
                self._sujos |= sujos
                self._anotacoes += anotacoes
            self._publicar(GravacaoFalhou(str(erro), 0))

    def _gravar_e_entregar(self, pendentes: list[MensagemPendente]) -> None:
        seqs: dict[Sala, int] = {}
        linhas: list[MensagemGravada] = []
        for m in pendentes:
            seq = seqs[m.sala] = seqs.get(m.sala, m.sala.ultima_seq) + 1
            linhas.append(
                MensagemGravada(m.sala.id, seq, m.usuario.nome, m.usuario.chave, m.texto, self._hora_ms, m.ref)
            )
        self._arquivo.gravar(linhas, self._sujos, self._anotacoes)
        self._sujos, self._anotacoes = {}, []
        for sala, seq in seqs.items():
            sala.ultima_seq = seq
            self._observacao.mexer_na_sala(sala)
        if not self._gravando_bem:
            self._gravando_bem = True
            self._publicar(GravacaoVoltou())
        self._confirmar_e_entregar(pendentes, linhas)

    def _confirmar_e_entregar(
        self, pendentes: list[MensagemPendente], linhas: list[MensagemGravada]
    ) -> None:
        hora = formatar_hora(self._hora_ms)
        entregas: dict[Sala, _Entrega] = {}
        oks: dict[Conexao, list[bytes]] = {}
        for mensagem, (_, seq, de, _, texto, _, ref) in zip(pendentes, linhas, strict=True):
            entrega = entregas.get(mensagem.sala)
            if entrega is None:
                entrega = entregas[mensagem.sala] = _Entrega(MoldeDaSala(mensagem.sala.nome, hora))
            entrega.quadros.append(entrega.molde.mensagem(seq, de, texto, ref))
            entrega.falaram.append(mensagem.usuario)
            if mensagem.id is not None:
                oks.setdefault(mensagem.conexao, []).append(entrega.molde.confirmacao(mensagem.id, seq))
        for conexao, confirmacoes in oks.items():
            self._correio.espalhar((conexao,), confirmacoes)
        for sala, entrega in entregas.items():
            self._entregar(sala, entrega)

    def _entregar(self, sala: Sala, entrega: _Entrega) -> None:
        for usuario, quantas in Counter(entrega.falaram).items():
            usuario.mensagens += quantas
            self._observacao.mexer_no_usuario(usuario)
        self._observacao.mensagens += len(entrega.quadros)
        self._correio.espalhar((usuario.conexao for usuario in sala.membros), entrega.quadros)
        tamanho_bytes = sum(map(len, entrega.quadros))
        autores = tuple(usuario.nome for usuario in entrega.falaram)
        self._publicar(MensagensEntregues(sala.nome, autores, len(sala.membros), tamanho_bytes))

    def _devolver(self, pendentes: list[MensagemPendente], erro: ErroDeGravacao) -> None:
        # O estado sujo fica para o próximo lote; as mensagens voltam a quem as escreveu.
        if self._gravando_bem:
            # Fica por gravar: enquanto houver o que gravar tenta-se de novo, e sabe-se quando o disco voltou.
            self.anotar(Anotacao(self._hora_ms, "parou de gravar", "", "", ""))
        if self._gravando_bem or pendentes:
            self._publicar(GravacaoFalhou(str(erro), len(pendentes)))
        self._gravando_bem = False
        for mensagem in pendentes:
            self._correio.recusar(mensagem.conexao, mensagem.id, ErroDeProtocolo(Codigo.INTERNO))


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
