"""Muitos clientes que falam sem parar, numa thread só: cada um manda outra mensagem quando a anterior é confirmada."""

from __future__ import annotations

import json
import selectors
import socket
import threading
from collections import Counter

from protocolo.limites import QUADRO_DO_SERVIDOR_BYTES
from protocolo.quadros import LeitorDeQuadros
from tests.apoio.fio import montar_quadro

POR_SALA = 10


class Falante:
    """Um deles."""

    def __init__(self, porta: int, numero: int) -> None:
        self.soquete = socket.create_connection(("127.0.0.1", porta))
        self.sala = f"s{numero // POR_SALA}"
        self.numero = numero
        self.leitor = LeitorDeQuadros(QUADRO_DO_SERVIDOR_BYTES)
        self.ditas = 0
        self.despedida: str | None = None
        for pedido in (
            {"tipo": "ola", "versao": 1},
            {"tipo": "identificar", "nome": f"P{numero}"},
            {"tipo": "entrar", "sala": self.sala},
        ):
            self.mandar(pedido)
        self.falar()

    def mandar(self, pedido: dict[str, object]) -> None:
        """Um pedido, que sempre cabe no buffer."""
        self.soquete.sendall(montar_quadro(json.dumps(pedido).encode()))

    def falar(self) -> None:
        """A próxima mensagem."""
        self.mandar({"tipo": "mensagem", "sala": self.sala, "texto": self.texto, "ref": self.texto, "id": "m"})

    @property
    def texto(self) -> str:
        """O da mensagem que espera o ``ok``."""
        return f"{self.numero}-{self.ditas}"


class Falantes:
    """Fala até todos ouvirem a despedida ou a linha acabar. ``confirmadas`` são as que tiveram ``ok``."""

    def __init__(self, porta: int, quantos: int) -> None:
        self.confirmadas: set[tuple[str, str]] = set()
        self.despedidas: Counter[str | None] = Counter()
        self._falantes = [Falante(porta, numero) for numero in range(quantos)]
        self._thread = threading.Thread(target=self._rodar, name="falantes")
        self._thread.start()

    def juntar(self, prazo_s: float) -> None:
        """Espera que todos tenham ido embora."""
        self._thread.join(prazo_s)
        assert not self._thread.is_alive(), "alguém não ouviu o fim"

    def _rodar(self) -> None:
        with selectors.DefaultSelector() as seletor:
            for falante in self._falantes:
                seletor.register(falante.soquete, selectors.EVENT_READ, falante)
            while seletor.get_map():
                for chave, _ in seletor.select():
                    if not self._ouvir(chave.data):
                        seletor.unregister(chave.data.soquete)
                        chave.data.soquete.close()
                        self.despedidas[chave.data.despedida] += 1

    def _ouvir(self, falante: Falante) -> bool:
        try:
            dados = falante.soquete.recv(1 << 16)
            falante.leitor.alimentar(dados)
            while (carga := falante.leitor.proximo()) is not None:
                self._entender(falante, json.loads(carga))
        except OSError:
            return False
        return bool(dados)

    def _entender(self, falante: Falante, objeto: dict[str, object]) -> None:
        if objeto["tipo"] == "desconectado":
            falante.despedida = str(objeto["motivo"])
        elif objeto.get("id") == "m" and objeto["tipo"] == "ok":
            self.confirmadas.add((falante.sala, falante.texto))
            falante.ditas += 1
            falante.falar()
