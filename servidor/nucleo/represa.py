"""O que espera por quem não lê: quanto de cada um e de todos juntos."""

from __future__ import annotations

from servidor.nucleo.conexao import Conexao

_MIB = 1_048_576


class Represa:
    """Soma os bytes que a rede ainda não pôde entregar. Da thread do núcleo."""

    def __init__(self, por_cliente_mib: int, total_mib: int) -> None:
        """``total_mib`` zero não limita a soma."""
        self._por_cliente_bytes = por_cliente_mib * _MIB
        self._total_max_bytes = total_mib * _MIB
        self._por_conexao: dict[Conexao, int] = {}
        self.total_bytes = 0

    def anotar(self, conexao: Conexao, esperando_bytes: int) -> Conexao | None:
        """Anota o que espera por uma conexão; devolve quem deve cair por isso, se alguém."""
        self.total_bytes += esperando_bytes - self._por_conexao.pop(conexao, 0)
        conexao.represada = esperando_bytes > 0
        if conexao.represada:
            self._por_conexao[conexao] = esperando_bytes
        if esperando_bytes > self._por_cliente_bytes:
            return self._largar(conexao)
        if self._total_max_bytes and self.total_bytes > self._total_max_bytes:
            return self._largar(max(self._por_conexao, key=self._por_conexao.__getitem__))
        return None

    def _largar(self, conexao: Conexao) -> Conexao:
        # Quem vai cair já não conta: senão outros cairiam enquanto ele se despede.
        self.total_bytes -= self._por_conexao.pop(conexao, 0)
        conexao.represada = False
        return conexao
