"""Quadros: quatro bytes de tamanho, big-endian, e a carga (PROTOCOLO.md, §1).

Bytes entram, cargas saem; aqui não há socket nem espera. Um leitor pertence a uma só thread.
"""

from __future__ import annotations

import struct

from protocolo.erros import ErroQuadroGrande

TAMANHO_DO_CABECALHO = 4
_CABECALHO = struct.Struct(">I")
_escrever_tamanho, _ler_tamanho = _CABECALHO.pack, _CABECALHO.unpack_from


def enquadrar(carga: bytes) -> bytes:
    """Põe na frente de ``carga`` os quatro bytes com o tamanho dela."""
    return _escrever_tamanho(len(carga)) + carga


class LeitorDeQuadros:
    """Monta quadros a partir de pedaços de qualquer tamanho.

    O limite é conferido assim que o cabeçalho chega, antes de guardar o corpo, e pode
    mudar no meio da conexão: vale para o próximo cabeçalho lido por :meth:`proximo`.
    """

    __slots__ = ("_dados", "_inicio", "_parcial", "_precisa", "limite_bytes")

    def __init__(self, limite_bytes: int) -> None:
        self.limite_bytes = limite_bytes
        self._dados = b""
        """O pedaço de que se tiram quadros; até ``_inicio`` já foi lido."""
        self._inicio = 0
        self._parcial = bytearray()
        """O começo de um quadro que só se completa com ``_precisa`` bytes."""
        self._precisa = 0

    def alimentar(self, dados: bytes) -> None:
        """Guarda os bytes recebidos até que :meth:`proximo` os peça."""
        if self._parcial:
            self._parcial += dados
            if len(self._parcial) < self._precisa:
                return
            dados, self._parcial = bytes(self._parcial), bytearray()
        elif self._dados:
            dados = self._dados[self._inicio :] + dados
        self._dados, self._inicio = dados, 0

    def proximo(self) -> bytes | None:
        """Devolve a próxima carga completa, ou ``None`` se falta chegar um pedaço.

        Levanta :class:`ErroQuadroGrande` se o cabeçalho anuncia mais que ``limite_bytes``;
        depois disso o fluxo não tem mais onde recomeçar e a conexão deve fechar.
        """
        dados, corpo = self._dados, self._inicio + TAMANHO_DO_CABECALHO
        if len(dados) < corpo:
            return self._esperar(TAMANHO_DO_CABECALHO)
        (tamanho,) = _ler_tamanho(dados, self._inicio)
        if tamanho > self.limite_bytes:
            raise ErroQuadroGrande(tamanho, self.limite_bytes)
        fim = corpo + tamanho
        if len(dados) < fim:
            return self._esperar(TAMANHO_DO_CABECALHO + tamanho)
        self._inicio = fim
        return dados[corpo:fim]

    def espiar(self) -> tuple[list[bytes], int]:
        """As cargas completas que esperam, sem tirar nenhuma, e onde a última acaba, para :meth:`pular`."""
        dados, inicio, cargas = self._dados, self._inicio, []
        chegaram_bytes, limite_bytes = len(dados), self.limite_bytes
        while (corpo := inicio + TAMANHO_DO_CABECALHO) <= chegaram_bytes:
            (tamanho,) = _ler_tamanho(dados, inicio)
            fim = corpo + tamanho
            if tamanho > limite_bytes or fim > chegaram_bytes:
                break
            cargas.append(dados[corpo:fim])
            inicio = fim
        return cargas, inicio

    def pular(self, fim: int) -> None:
        """Dá por tiradas as cargas que :meth:`espiar` mostrou até ``fim``."""
        self._inicio = fim

    def tem_quadro_pela_metade(self) -> bool:
        """Diz se há bytes de um quadro que ainda não chegou inteiro.

        Só responde certo depois de :meth:`proximo` ter devolvido ``None``.
        """
        return bool(self._parcial)

    def _esperar(self, precisa: int) -> None:
        # O que já foi lido é solto agora, e não quando chegar mais: há milhares de conexões caladas.
        if self._dados:
            self._parcial += self._dados[self._inicio :]
            self._precisa = precisa
            self._dados, self._inicio = b"", 0
