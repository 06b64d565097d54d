"""Uma bancada para a rede: o servidor de verdade neste processo, e o laço sem threads, passo a passo."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from protocolo.quadros import enquadrar
from servidor.configuracao import Configuracao, Motor
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.regras import Regras
from servidor.publicacao import Publicado
from servidor.rede.canal import Canal
from servidor.rede.laco import Laco
from servidor.rede.servidor import Servidor
from servidor.vigia import Vigilancia
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio
from tests.apoio.quedas import DERRUBOU, SEM_QUEDAS
from tests.servidor.nucleo.palco import ArquivoDeMentira, OficinaImediata, RelogioDeMentira, SorteioDeMentira


class ServidorVigiado(Servidor):
    """O servidor de verdade, que guarda o que publicou."""

    def __init__(self, dados: Path, motor: Motor, **opcoes: Any) -> None:
        opcoes = {"taxa_por_s": 0, "inatividade_s": 0, **opcoes}
        super().__init__(Configuracao(dados=dados, porta=0, motor=motor, **opcoes))
        self.publicados: list[Publicado] = []
        self.assinar(self.publicados.append)
        self.fios: list[Fio] = []

    @property
    def laco(self) -> Laco:
        """O laço de agora; outro depois de um recomeço."""
        assert self._vigente.miolo is not None
        return self._vigente.miolo.laco

    @property
    def nucleo(self) -> Nucleo:
        """O núcleo de agora; outro depois de um recomeço."""
        assert self._vigente.miolo is not None
        return self._vigente.miolo.nucleo

    def ligar(self, nome: str | None = None, sala: str | None = None, **opcoes: Any) -> Fio:
        """Um fio cru; com nome, já identificado; com sala, dentro dela."""
        fio = Fio("127.0.0.1", self.porta, **opcoes)
        self.fios.append(fio)
        if nome is not None:
            fio.ola()
            fio.identificar(nome)
        if sala is not None:
            fio.exigir("entrar", sala=sala)
        return fio

    def terminar(self) -> None:
        """Fecha os fios e para o servidor: assim ninguém o faz esperar pela despedida."""
        for fio in self.fios:
            fio.fechar()
        self.parar()

    def disse(self, trecho: str) -> bool:
        """Diz se alguma linha publicada tem este trecho."""
        return any(trecho in getattr(publicado, "texto", "") for publicado in self.publicados)

    def esperar_linha(self, trecho: str) -> None:
        """Espera uma linha com este trecho."""
        esperar_ate(lambda: self.disse(trecho), o_que=trecho)


def voltar(servidor: ServidorVigiado, fio: Fio, nome: str, sala: str, desde: int) -> tuple[Fio, list[dict[str, Any]]]:
    """Como faz um cliente: a linha caiu, liga-se com a ficha e pede o que perdeu."""
    assert fio.fechado()
    servidor.esperar_linha("O servidor recomeçou")
    novo = servidor.ligar()
    novo.ola()
    assert novo.identificar(nome, sessao=fio.ficha)["salas"] == [sala]
    entrada = novo.exigir("entrar", sala=sala, desde=desde)
    assert entrada["moderador"]
    return novo, entrada["historico"]


def conferir_recomeco(servidor: ServidorVigiado, ana: Fio, motivo: str) -> Fio:
    """A linha fecha, a ficha vale, a mensagem confirmada está lá, e o servidor confirma outras."""
    nova, historico = voltar(servidor, ana, "Ana", "aula", 0)
    assert [m["texto"] for m in historico] == ["confirmada"]
    assert nova.exigir("mensagem", sala="aula", texto="depois")["seq"] == 2
    assert servidor.disse(DERRUBOU) and servidor.disse(motivo)
    return nova


class MotorFalso:
    """Não lê nada: guarda os canais e confere que a vez nunca é devolvida sem ser devida."""

    def __init__(
        self, ao_ler: Callable[[Canal, bytes], None], ao_acabar: Callable[[Canal, str], None], _vigilancia: Vigilancia
    ) -> None:
        self.ao_ler = ao_ler
        self.ao_acabar = ao_acabar
        self.lendo: set[Canal] = set()

    def iniciar(self) -> None:
        """Nada."""

    def ler(self, canal: Canal) -> None:
        """O canal está à espera de bytes."""
        self.lendo.add(canal)

    def devolver_a_vez(self, canal: Canal) -> None:
        """O canal volta a esperar bytes."""
        assert canal not in self.lendo, "a vez foi devolvida duas vezes"
        self.lendo.add(canal)

    def parar(self) -> None:
        """Nada."""


class Ponta:
    """Um cliente da bancada: o socket do lado dele e o canal do lado do servidor."""

    def __init__(self, bancada: Bancada, nome: str, sala: str = "geral") -> None:
        self.bancada = bancada
        self.socket, deles = socket.socketpair()
        bancada.sockets += [self.socket, deles]
        self.socket.setblocking(False)
        bancada.laco.acrescentar(_SemNodelay(deles), (nome, 1))
        (self.canal,) = bancada.motor.lendo - {ponta.canal for ponta in bancada.pontas}
        bancada.pontas.append(self)
        self.recebido = bytearray()
        self.mandar(
            {"tipo": "ola", "versao": 1}, {"tipo": "identificar", "nome": nome}, {"tipo": "entrar", "sala": sala}
        )
        bancada.girar()
        self.ler()
        self.recebido.clear()

    def mandar(self, *pedidos: dict[str, Any]) -> None:
        """Entrega bytes ao laço, como faria o leitor."""
        assert self.canal in self.bancada.motor.lendo, "não é a vez deste leitor"
        self.bancada.motor.lendo.discard(self.canal)
        dados = b"".join(enquadrar(json.dumps(pedido).encode()) for pedido in pedidos)
        self.bancada.motor.ao_ler(self.canal, dados)

    def ler(self) -> None:
        """Lê tudo o que já chegou."""
        try:
            while pedaco := self.socket.recv(1 << 20):
                self.recebido += pedaco
        except BlockingIOError:
            pass

    def objetos(self) -> list[dict[str, Any]]:
        """O que chegou inteiro, aberto."""
        self.ler()
        achados, inicio = [], 0
        while inicio + 4 <= len(self.recebido):
            fim = inicio + 4 + int.from_bytes(self.recebido[inicio : inicio + 4], "big")
            if fim > len(self.recebido):
                break
            achados.append(json.loads(self.recebido[inicio + 4 : fim]))
            inicio = fim
        return achados


class _SemNodelay:
    """Um par de sockets locais não é TCP: deixa passar o TCP_NODELAY."""

    def __init__(self, soquete: socket.socket) -> None:
        self._soquete = soquete

    def setsockopt(self, *_: object) -> None:
        """Nada."""

    def __getattr__(self, nome: str) -> Any:
        return getattr(self._soquete, nome)


class Bancada:
    """O laço de verdade, girado à mão nesta thread, com o núcleo e o escritor de verdade."""

    def __init__(self) -> None:
        self.relogio = RelogioDeMentira()
        self.arquivo = ArquivoDeMentira()
        self.eventos: list[object] = []
        self.pontas: list[Ponta] = []
        self.sockets: list[socket.socket] = []
        regras = Regras("Turma", "1", taxa_por_s=0, inatividade_s=0)
        self.nucleo = Nucleo(
            regras, self.arquivo, self.relogio, SorteioDeMentira(), OficinaImediata(), self.eventos.append
        )
        self.laco = Laco(self.nucleo, self.relogio, MotorFalso, self.eventos.append, self.eventos.append, SEM_QUEDAS)
        self.motor: MotorFalso = self.laco._motor
        self.laco._escritor.iniciar()
        self._acordar = partial(self.laco.por, lambda: None)

    def girar(self) -> None:
        """Um lote, com o que está na fila."""
        self._acordar()
        self.laco._girar()

    def girar_tudo(self) -> None:
        """Lotes até a fila esvaziar."""
        while True:
            self.girar()
            if self.laco._fila.empty():
                return

    def terminar(self) -> None:
        """Solta o que foi aberto."""
        self.laco._escritor.parar()
        for soquete in self.sockets:
            soquete.close()
