"""O que o cliente lembra de uma vez para a outra: último servidor, último nome, servidores recentes."""

from __future__ import annotations

import time

from cliente.telas.recentes import PORTA_MAX, ServidorRecente, ler_recentes, para_guardar, por_na_frente
from cliente.telas.tela_conectar import HOST_PADRAO
from interface.preferencias import Preferencias
from protocolo.limites import PORTA_PADRAO


class Memoria:
    """Lê e grava as preferências com os nomes e os limites certos."""

    def __init__(self, preferencias: Preferencias) -> None:
        self._preferencias = preferencias

    @property
    def host(self) -> str:
        """O último endereço usado; da primeira vez, este computador."""
        return self._preferencias.pegar("host", HOST_PADRAO).strip() or HOST_PADRAO

    @property
    def porta(self) -> int:
        """A última porta usada; da primeira vez, a de sempre."""
        porta = self._preferencias.pegar("porta", PORTA_PADRAO)
        return porta if 0 < porta <= PORTA_MAX else PORTA_PADRAO

    @property
    def nome(self) -> str:
        """O último nome aceito por um servidor."""
        return self._preferencias.pegar("nome", "")

    @property
    def deve_voltar(self) -> bool:
        """Se, caindo a conexão, se tenta voltar sem perguntar."""
        return self._preferencias.pegar("reconectar_sozinho", True)

    def lembrar_de_voltar(self, sim: bool) -> None:
        """A escolha de quem usa."""
        self._preferencias.definir(reconectar_sozinho=sim)

    @property
    def recentes(self) -> list[ServidorRecente]:
        """Os últimos servidores, o mais novo na frente."""
        return ler_recentes(self._preferencias.pegar_lista("recentes"))

    def lembrar_servidor(self, host: str, porta: int, nome: str) -> None:
        """Este servidor atendeu agora."""
        novo = ServidorRecente(host, porta, nome, int(time.time()))
        recentes = para_guardar(por_na_frente(self.recentes, novo))
        self._preferencias.definir(host=host, porta=porta, recentes=recentes)

    def lembrar_nome(self, nome: str) -> None:
        """Este nome foi aceito."""
        self._preferencias.definir(nome=nome)
