"""Quadros: quatro bytes de tamanho, big-endian, e a carga (PROTOCOLO.md, §1).

Bytes entram, cargas saem; aqui não há socket nem espera. Um leitor pertence a uma só thread.
"""

from __future__ import annotations

from protocolo.erros import ErroQuadroGrande

TAMANHO_DO_CABECALHO = 4
_COMPACTAR_DEPOIS_DE_BYTES = 65_536


def enquadrar(carga: bytes) -> bytes:
    """Põe na frente de ``carga`` os quatro bytes com o tamanho dela."""
    return len(carga).to_bytes(TAMANHO_DO_CABECALHO, "big") + carga


class LeitorDeQuadros:
    """Monta quadros a partir de pedaços de qualquer tamanho.

    O limite é conferido assim que o cabeçalho chega, antes de guardar o corpo, e pode
    mudar no meio da conexão: vale para o próximo cabeçalho lido por :meth:`proximo`.
    """

    def __init__(self, limite_bytes: int) -> None:
        self.limite_bytes = limite_bytes
        self._dados = bytearray()
        self._inicio = 0

    def alimentar(self, dados: bytes) -> None:
        """Guarda os bytes recebidos até que :meth:`proximo` os peça."""
        if self._inicio == len(self._dados):
            self._dados.clear()
            self._inicio = 0
        self._dados += dados

    def proximo(self) -> bytes | None:
        """Devolve a próxima carga completa, ou ``None`` se falta chegar um pedaço.

        Levanta :class:`ErroQuadroGrande` se o cabeçalho anuncia mais que ``limite_bytes``;
        depois disso o fluxo não tem mais onde recomeçar e a conexão deve fechar.
        """
        dados, inicio = self._dados, self._inicio
        corpo = inicio + TAMANHO_DO_CABECALHO
        if len(dados) < corpo:
            return None
        tamanho = int.from_bytes(dados[inicio:corpo], "big")
        if tamanho > self.limite_bytes:
            raise ErroQuadroGrande(tamanho, self.limite_bytes)
        fim = corpo + tamanho
        if len(dados) < fim:
            self._compactar()
            return None
        self._inicio = fim
        return bytes(dados[corpo:fim])

    def tem_quadro_pela_metade(self) -> bool:
        """Diz se há bytes de um quadro que ainda não chegou inteiro.

        Só responde certo depois de :meth:`proximo` ter devolvido ``None``.
        """
        return self._inicio < len(self._dados)

    def _compactar(self) -> None:
        # Sem isto, uma sequência longa de quadros faria o começo já lido crescer sem fim.
        if self._inicio > _COMPACTAR_DEPOIS_DE_BYTES:
            del self._dados[: self._inicio]
            self._inicio = 0
