"""O que se faz no arquivo entre um lote e outro: a busca da auditoria e o fim do que já passou do prazo."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from servidor.nucleo.portas import ErroDeGravacao, ErroDeLeitura, Relogio
from servidor.publicacao import PerguntaDeAuditoria, Publicado, RespostaDeAuditoria
from servidor.rede.laco import Laco
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.auditoria import Busca

_registro = logging.getLogger(__name__)

_DIA_MS = 24 * 3600 * 1000
_LIMPEZA_A_CADA_S = 3600.0
_FOLGA_S = 0.02
"""Entre um pedaço e outro, para que a conversa passe na frente."""


class Arquivista:
    """Trabalha aos pedaços na thread do núcleo, a dona do arquivo."""

    def __init__(
        self, laco: Laco, arquivo: ArquivoEmSqlite, relogio: Relogio, publicar: Callable[[Publicado], None]
    ) -> None:
        self._laco = laco
        self._arquivo = arquivo
        self._relogio = relogio
        self._publicar = publicar
        self._busca: Busca | None = None

    def auditar(self, pergunta: PerguntaDeAuditoria) -> None:
        """De qualquer thread: começa uma busca e desiste da anterior."""
        self._laco.por(partial(self._comecar, pergunta))

    def guardar_por(self, dias: int) -> None:
        """De qualquer thread: passa a apagar o que tem mais de ``dias``; zero guarda tudo."""
        if dias:
            self._laco.por(partial(self._limpar, dias))

    def _comecar(self, pergunta: PerguntaDeAuditoria) -> None:
        if self._busca is not None:
            self._busca.fechar()
        try:
            self._busca = self._arquivo.buscar(pergunta)
        except ErroDeLeitura:
            _registro.exception("a busca da auditoria não pôde começar")
            self._publicar(RespostaDeAuditoria(pergunta.numero, (), True))
            return
        self._andar(self._busca, pergunta.numero)

    def _andar(self, busca: Busca, numero: int) -> None:
        if busca is not self._busca:
            return
        try:
            resposta = busca.passo()
        except ErroDeLeitura:
            _registro.exception("a busca da auditoria parou no meio")
            resposta = RespostaDeAuditoria(numero, (), True)
        self._publicar(resposta)
        if resposta.acabou:
            self._busca = None
        else:
            self._laco.daqui_a(_FOLGA_S, partial(self._andar, busca, numero))

    def _limpar(self, dias: int) -> None:
        try:
            ha_mais = self._arquivo.esquecer(self._relogio.hora_ms() - dias * _DIA_MS)
        except ErroDeGravacao:
            _registro.exception("o histórico velho não pôde ser apagado agora")
            ha_mais = False
        self._laco.daqui_a(_FOLGA_S if ha_mais else _LIMPEZA_A_CADA_S, partial(self._limpar, dias))
