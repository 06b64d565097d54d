"""Quantas conexões cabem, no total e de cada endereço, e quantas delas ainda sem nome."""

from __future__ import annotations

import ipaddress
from collections import Counter

from servidor.nucleo.conexao import Conexao, Etapa
from servidor.nucleo.regras import Regras

EXCEDENTES_MAX = 256
"""Quantas conexões a mais se atendem só para dizer que não cabem; daí em diante fecham na chegada."""
_SUB_REDE_DO_IPV6 = 64


class Porteiro:
    """Conta as conexões abertas. Da thread do núcleo."""

    def __init__(self, regras: Regras) -> None:
        self._regras = regras
        self._por_grupo: Counter[str] = Counter()
        self._sem_nome_por_grupo: Counter[str] = Counter()
        self.sem_nome = 0
        self.excedentes = 0

    def chegou(self, conexao: Conexao) -> None:
        """Conta a conexão; se ela não cabe, ``conexao.excesso`` passa a dizer por quê."""
        conexao.excesso = self._por_que_nao_cabe(conexao)
        if conexao.excesso is not None:
            self.excedentes += 1
            return
        self.sem_nome += 1
        grupo = agrupar(conexao.endereco[0])
        if grupo is not None:
            self._por_grupo[grupo] += 1
            self._sem_nome_por_grupo[grupo] += 1

    def ganhou_nome(self, conexao: Conexao) -> None:
        """Quem estava na conexão identificou-se."""
        self.sem_nome -= 1
        _tirar(self._sem_nome_por_grupo, agrupar(conexao.endereco[0]))

    def saiu(self, conexao: Conexao) -> None:
        """A conexão acabou."""
        if conexao.excesso is not None:
            self.excedentes -= 1
            return
        if conexao.etapa is not Etapa.IDENTIFICADA:
            self.ganhou_nome(conexao)
        _tirar(self._por_grupo, agrupar(conexao.endereco[0]))

    def esta_apinhado(self) -> bool:
        """Diz se nem para recusar com calma há lugar."""
        return self.excedentes > EXCEDENTES_MAX

    def _por_que_nao_cabe(self, conexao: Conexao) -> str | None:
        regras, grupo = self._regras, agrupar(conexao.endereco[0])
        if _passou(self.sem_nome, regras.max_sem_nome):
            return "Há gente demais chegando ao mesmo tempo. Tente de novo daqui a pouco."
        if grupo is None:
            return None
        if _passou(self._por_grupo[grupo], regras.conexoes_por_endereco):
            return f"Já há {regras.conexoes_por_endereco} conexões do seu endereço, o máximo. Tente de novo daqui a pouco."
        if _passou(self._sem_nome_por_grupo[grupo], regras.sem_nome_por_endereco):
            return "Há conexões demais do seu endereço por se identificar. Tente de novo daqui a pouco."
        return None


def agrupar(host: str) -> str | None:
    """A quem a conexão se conta: o endereço IPv4 ou a rede /64 do IPv6; ``None`` é esta máquina, que não se limita."""
    try:
        endereco = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    # Quem escuta em “::” vê 127.0.0.1 como ::ffff:127.0.0.1.
    endereco = getattr(endereco, "ipv4_mapped", None) or endereco
    if endereco.is_loopback:
        return None
    if endereco.version == 4:
        return str(endereco)
    return str(ipaddress.ip_network((endereco, _SUB_REDE_DO_IPV6), strict=False))


def _passou(quantas: int, maximo: int) -> bool:
    return maximo > 0 and quantas >= maximo


def _tirar(contagem: Counter[str], grupo: str | None) -> None:
    if grupo is not None:
        contagem[grupo] -= 1
        if not contagem[grupo]:
            del contagem[grupo]
