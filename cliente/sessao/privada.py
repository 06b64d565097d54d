"""Uma conversa privada: as linhas e as não lidas. Pura; quem a muda é só ``Privadas``, na thread dona da sessão."""

from __future__ import annotations

from collections.abc import Sequence

from cliente.sessao.tipos import Aviso, Linha, Mensagem

LINHAS_MAX = 2_000
FOLGA_DA_PODA = 100


class ConversaPrivada:
    """O que se disse com uma pessoa nesta sessão; o servidor não guarda privadas.

    Guarda até 2.000 linhas, de até 4.000 caracteres; o que passa sai do começo. ``seq`` é a ordem de chegada aqui.
    """

    def __init__(self, nome: str) -> None:
        self.nome = nome
        """Com quem é, na escrita que se conhece."""
        self.nao_lidas = 0
        """Mensagens da pessoa que chegaram sem a conversa estar à vista."""
        self.novas_desde: int | None = None
        """``seq`` da primeira não lida da última leva: onde vai a linha “novas mensagens”."""
        self.observada = False
        """Está à vista: o que chega não conta como não lido."""
        self.ultima_seq = 0
        self._linhas: list[Linha] = []

    @property
    def linhas(self) -> Sequence[Linha]:
        """As linhas na ordem de mostrar. Não mude; copie se for guardar."""
        return self._linhas

    def por(self, linha: Linha) -> int:
        """Põe uma linha no fim, conta-a se não foi lida e devolve quantas saíram do começo."""
        self._linhas.append(linha)
        if isinstance(linha, Mensagem):
            self.ultima_seq = linha.seq
            self._contar_nao_lida(linha)
        return self._podar()

    def juntar(self, outra: ConversaPrivada, aviso: Aviso) -> None:
        """Passa para cá as linhas de outra conversa, depois do aviso que explica; renumera as mensagens."""
        self._linhas.append(aviso)
        for linha in outra.linhas:
            if isinstance(linha, Mensagem):
                self.ultima_seq += 1
                linha = Mensagem(linha.numero, self.ultima_seq, linha.de, linha.texto, linha.hora_ms, linha.minha,
                                 linha.ref)
            self._linhas.append(linha)
        self.nao_lidas = 0 if self.observada else self.nao_lidas + outra.nao_lidas
        self._podar()

    def _contar_nao_lida(self, mensagem: Mensagem) -> None:
        if mensagem.minha:
            self.novas_desde = None
        elif not self.observada:
            if self.nao_lidas == 0:
                self.novas_desde = mensagem.seq
            self.nao_lidas += 1

    def _podar(self) -> int:
        sobra = len(self._linhas) - LINHAS_MAX
        if sobra <= FOLGA_DA_PODA:
            return 0
        del self._linhas[:sobra]
        return sobra
