"""Os canais vistos do núcleo: quem chega, o que chega, o que se leva a cada um e como cada um se vai."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from typing import Any

from protocolo.limites import ADEUS_S
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.lote import EstadoPerdido
from servidor.nucleo.nucleo import Nucleo
from servidor.rede.canal import Canal, FilaCheia
from servidor.rede.escritor import Escritor
from servidor.rede.leitores import Motor
from servidor.rede.saida import Saida

_registro = logging.getLogger(__name__)


class Portaria:
    """Os canais abertos e a conexão de cada um. Tudo é da thread do núcleo."""

    def __init__(
        self, nucleo: Nucleo, motor: Motor, escritor: Escritor, marcar: Callable[[float, Callable[[], None]], None]
    ) -> None:
        """``marcar(segundos, ação)`` faz uma ação na thread do núcleo, mais tarde."""
        self._nucleo = nucleo
        self._motor = motor
        self._escritor = escritor
        self._marcar = marcar
        self._saida = Saida(escritor, marcar)
        self._canais: set[Canal] = set()
        self._por_conexao: dict[Conexao, Canal] = {}
        self._ouvidas: list[Conexao] = []
        self.lote_bytes = 0
        """Quantos bytes chegaram neste lote."""
        self.sem_nucleo = False
        """O núcleo quebrou: não há a quem entregar, e quem chega é cortado."""
        self.esta_encerrando = False

    @property
    def tem_gente(self) -> bool:
        """Diz se ainda há canal aberto."""
        return bool(self._canais) or self._saida.tem_gente

    def tirar_ouvidas(self) -> tuple[list[Conexao], int]:
        """Quem mandou bytes neste lote, e quantos ao todo; o lote seguinte começa do zero."""
        ouvidas, lote_bytes = self._ouvidas, self.lote_bytes
        self._ouvidas, self.lote_bytes = [], 0
        return ouvidas, lote_bytes

    def levar(self, conexao: Conexao) -> None:
        """Leva à conexão o que a espera no fim do lote, e a fecha se é o caso."""
        canal = self._por_conexao.get(conexao)
        dados = b"".join(conexao.saida)
        conexao.saida.clear()
        if canal is None:
            return
        if dados and not self._enviar(canal, conexao, dados):
            return
        if conexao.fechando and not conexao.saida:
            # É a última vez, ainda que esteja duas vezes na fila; com a despedida por levar, ainda virá outra.
            del self._por_conexao[conexao]
            self._terminar(canal)
        elif canal.deve_a_vez and not conexao.contida and not conexao.ocupada:
            self._devolver_a_vez(canal)

    def _enviar(self, canal: Canal, conexao: Conexao, dados: bytes) -> bool:
        try:
            esperando_bytes, chamar_escritor = canal.enviar(dados, e_a_despedida=conexao.fechando)
        except FilaCheia:
            # A despedida vai na próxima volta, e só ela passa do limite.
            self._nucleo.derrubar(conexao, "lento_demais", "O cliente não lê o que lhe é enviado.")
            return False
        except OSError:
            self._cortar(canal)
            return True
        if chamar_escritor:
            canal.no_escritor = True
            self._escritor.levar(canal)
        self._tratar(canal, self._nucleo.levou, conexao, len(dados), esperando_bytes)
        return True

    def _tratar(self, canal: Canal, acao: Callable[..., None], *argumentos: Any) -> None:
        try:
            acao(*argumentos)
        except EstadoPerdido:
            raise
        except Exception:
            # Um defeito nosso diante de um cliente derruba a conexão dele, e só ela.
            _registro.exception("um pedido de %s derrubou a conexão dele", canal.endereco)
            self._cortar(canal)

    def conectou(self, canal: Canal) -> None:
        """Um canal novo."""
        self._canais.add(canal)
        if self.sem_nucleo:
            self._cortar(canal)
            return
        self._tratar(canal, self._apresentar, canal)

    def _apresentar(self, canal: Canal) -> None:
        conexao = canal.conexao = self._nucleo.conectou(canal.endereco)
        conexao.medir_latencia = canal.latencia_ms
        self._por_conexao[conexao] = canal
        if self.esta_encerrando:
            self._nucleo.derrubar(conexao, "encerrando")

    def recebeu(self, canal: Canal, dados: bytes) -> None:
        """O leitor entregou bytes, e espera a vez de entregar mais."""
        conexao = canal.conexao
        canal.deve_a_vez = True
        if self.sem_nucleo or conexao is None or canal.foi_cortado:
            # O sistema ainda entrega o que já tinha chegado quando se cortou: o leitor precisa da vez para ver o fim.
            self._cortar(canal)
            return
        self.lote_bytes += len(dados)
        self._ouvidas.append(conexao)
        conexao.cifrada = canal.esta_cifrado
        self._tratar(canal, self._nucleo.recebeu, conexao, dados)
        if canal.deve_a_vez and (conexao.fechando or not (conexao.contida or conexao.ocupada)):
            self._devolver_a_vez(canal)

    def esvaziou(self, canal: Canal, esperando_bytes: int) -> None:
        """O escritor levou bytes; ainda esperam estes."""
        conexao = canal.conexao
        if esperando_bytes == 0:
            self._saida.acabou(canal)
        if canal in self._canais and conexao is not None:
            self._tratar(canal, self._nucleo.levou, conexao, 0, esperando_bytes)
            if canal.deve_a_vez and not (conexao.contida or conexao.ocupada):
                self._devolver_a_vez(canal)

    def _devolver_a_vez(self, canal: Canal) -> None:
        canal.deve_a_vez = False
        self._motor.devolver_a_vez(canal)

    def _terminar(self, canal: Canal) -> None:
        if canal.deve_a_vez:
            self._devolver_a_vez(canal)
        canal.terminar_escrita()
        # A outra ponta tem este tempo para ler a despedida; o que ainda mandar é descartado.
        self._marcar(ADEUS_S, canal.cortar)

    def acabou(self, canal: Canal, motivo: str) -> None:
        """O leitor terminou."""
        self._canais.discard(canal)
        esperando_bytes = 0
        try:
            if canal.conexao is not None:
                esperando_bytes = self._despedir(canal, canal.conexao, motivo)
        finally:
            # Os dois apontam um para o outro: solto aqui, o que seguram não espera pela coleta de lixo.
            canal.conexao = None
            if esperando_bytes and not self.sem_nucleo:
                self._saida.deixar_sair(canal)
            else:
                self._saida.fechar(canal)

    def _despedir(self, canal: Canal, conexao: Conexao, motivo: str) -> int:
        self._por_conexao.pop(conexao, None)
        if not conexao.fechando:
            conexao.motivo = motivo
        self._nucleo.caiu(conexao)
        # Quem só parou de mandar ainda lê: as respostas ao que mandou neste lote vão antes de fechar.
        with contextlib.suppress(OSError, FilaCheia):
            return canal.enviar(b"".join(conexao.saida))[0]
        return 0

    def _cortar(self, canal: Canal) -> None:
        canal.cortar()
        # Quem esperava a vez tem de poder ver o fim.
        if canal.deve_a_vez:
            self._devolver_a_vez(canal)

    def cortar_todos(self) -> None:
        """Interrompe todos, com o que ainda lhes era devido."""
        for canal in self._canais:
            self._cortar(canal)
        self._saida.fechar_todos()

    def fechar_todos(self) -> None:
        """Depois que leitores e escritor pararam: solta os sockets que restarem."""
        for canal in self._canais:
            canal.fechar()
