"""Quem só quer conversar, nas mesmas salas em que atiram, e confere que não percebeu nada."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.caos.enlace import Enlace, ErroDoServidor, Objeto
from tests.caos.laco import Laco

SALAS = ("aula", "geral")
ENTRE_FALAS_S = 0.02


class Conversa:
    """O que os vizinhos disseram e ouviram uns dos outros."""

    def __init__(self) -> None:
        self.ditas: dict[str, float] = {}
        """Texto → quando foi mandado."""
        self.atraso_max_s = 0.0
        self.ouvidas = 0

    def ouvir(self, texto: str) -> None:
        """Um vizinho recebeu o que outro (ou ele mesmo) disse."""
        self.ouvidas += 1
        self.atraso_max_s = max(self.atraso_max_s, time.monotonic() - self.ditas[texto])


class Vizinho:
    """Da thread do laço. Entra nas salas, fala sem parar e confere seq por seq o que ouve."""

    def __init__(self, laco: Laco, porta: int, numero: int, conversa: Conversa, violar: Callable[[str], None]) -> None:
        self.nome = f"Vizinho {numero}"
        self.recebidas = 0
        self._laco, self._conversa, self._violar_o_que = laco, conversa, violar
        self._seqs: dict[str, int] = {}
        self._confirmadas = self._faladas = 0
        self._calado = False
        self._enlace = Enlace(laco, porta, None, self._receber, self._cair)
        self._enlace.mandar({"tipo": "ola", "versao": 1})
        self._enlace.mandar({"tipo": "identificar", "nome": self.nome})
        for sala in SALAS:
            self._enlace.mandar({"tipo": "entrar", "sala": sala, "id": f"entrar {sala}", "historico": 0})

    def esta_nas_salas(self) -> bool:
        """Diz se já entrou em todas."""
        return len(self._seqs) == len(SALAS)

    def comecar(self) -> None:
        """Passa a falar."""
        self._falar()

    def calar(self) -> None:
        """Para de falar."""
        self._calado = True

    def esta_em_dia(self) -> bool:
        """Tudo o que disse foi confirmado, e tudo o que os vizinhos disseram chegou."""
        return self._confirmadas == self._faladas and self.recebidas == len(self._conversa.ditas)

    def fechar(self) -> None:
        """Vai embora."""
        self._enlace.mandar({"tipo": "encerrar"})

    def largar(self) -> None:
        """Fecha o socket, se o servidor ainda não o fez."""
        self._enlace.fechar()

    def _falar(self) -> None:
        if self._calado:
            return
        self._faladas += 1
        texto = f"{self.nome} diz {self._faladas}"
        self._conversa.ditas[texto] = time.monotonic()
        self._enlace.mandar({"tipo": "mensagem", "id": self._faladas, "sala": SALAS[self._faladas % 2], "texto": texto})
        self._laco.em(ENTRE_FALAS_S, self._falar)

    def _receber(self, objeto: Objeto) -> None:
        tipo = objeto["tipo"]
        if tipo == "erro" or tipo == "desconectado":
            self._violar(f"recebeu {objeto}")
        elif tipo == "ok" and str(objeto.get("id")).startswith("entrar "):
            self._seqs[objeto["sala"]] = objeto["ultima_seq"]
        elif tipo == "ok" and "seq" in objeto:
            self._confirmadas += 1
        elif tipo == "mensagem":
            self._ouvir(objeto)

    def _ouvir(self, mensagem: Objeto) -> None:
        sala, seq = mensagem["sala"], mensagem["seq"]
        if sala not in SALAS or seq != self._seqs.get(sala, -1) + 1:
            self._violar(f"em {sala}, depois da seq {self._seqs.get(sala)} veio a {seq}")
        self._seqs[sala] = seq
        if mensagem["texto"] in self._conversa.ditas and mensagem["de"].startswith("Vizinho"):
            self.recebidas += 1
            self._conversa.ouvir(mensagem["texto"])

    def _cair(self, erro: ErroDoServidor | None) -> None:
        if not self._calado:
            self._violar(f"caiu: {erro}")

    def _violar(self, o_que: str) -> None:
        self._violar_o_que(f"{self.nome}: {o_que}")
