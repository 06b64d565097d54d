"""O que o cliente lembra de uma vez para a outra: último servidor, último nome, servidores recentes."""

from __future__ import annotations

import time

from cliente.telas.recentes import ServidorRecente, ler_recentes, para_guardar, por_na_frente
from interface.preferencias import Preferencias
from protocolo.limites import HOST_PADRAO, PORTA_MAX, PORTA_PADRAO

SILENCIADAS_MAX = 500
"""Passando disso, esquece-se a que foi silenciada há mais tempo."""


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
    def quer_cifra(self) -> bool:
        """Se o último servidor foi procurado com a conexão protegida ligada; da primeira vez, sim."""
        return self._preferencias.pegar("conexao_protegida", True)

    @property
    def recentes(self) -> list[ServidorRecente]:
        """Os últimos servidores, o mais novo na frente."""
        return ler_recentes(self._preferencias.pegar_lista("recentes"))

    def lembrar_servidor(self, host: str, porta: int, nome: str) -> None:
        """Este servidor atendeu agora."""
        novo = ServidorRecente(host, porta, nome, int(time.time()))
        recentes = para_guardar(por_na_frente(self.recentes, novo))
        self._preferencias.definir(host=host, porta=porta, recentes=recentes)

    def lembrar_cifra(self, sim: bool) -> None:
        """O servidor que atendeu foi procurado assim."""
        self._preferencias.definir(conexao_protegida=sim)

    def lembrar_nome(self, nome: str) -> None:
        """Este nome foi aceito."""
        self._preferencias.definir(nome=nome)

    # ------------------------------------------------------------------ avisos

    @property
    def avisos(self) -> str:
        """De que se quer ser avisado; vazio se nunca se escolheu."""
        return self._preferencias.pegar("avisos", "")

    def lembrar_avisos(self, escolha: str) -> None:
        """A escolha de quem usa."""
        self._preferencias.definir(avisos=str(escolha))

    @property
    def tem_som(self) -> bool:
        """Se a campainha toca."""
        return self._preferencias.pegar("som_dos_avisos", True)

    def lembrar_som(self, sim: bool) -> None:
        """A escolha de quem usa."""
        self._preferencias.definir(som_dos_avisos=sim)

    def esta_silenciada(self, host: str, porta: int, sala: str) -> bool:
        """Se esta sala deste servidor está silenciada."""
        return _identificar(host, porta, sala) in self._preferencias.pegar_lista("salas_silenciadas")

    def silenciar(self, host: str, porta: int, sala: str, sim: bool) -> None:
        """Silencia, ou deixa de silenciar, esta sala deste servidor."""
        esta = _identificar(host, porta, sala)
        outras = [silenciada for silenciada in self._preferencias.pegar_lista("salas_silenciadas") if silenciada != esta]
        self._preferencias.definir(salas_silenciadas=[*outras, esta][-SILENCIADAS_MAX:] if sim else outras)


def _identificar(host: str, porta: int, sala: str) -> list[str | int]:
    from protocolo.textos import chave      # só quem já conversa silencia salas: a primeira tela não espera por ele

    return [host, porta, chave(sala)]
