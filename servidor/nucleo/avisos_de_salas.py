"""Os eventos ``sala_mudou`` e ``sala_removida`` para quem acompanha a lista, agrupados (§5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from protocolo.cargas import montar_quadro
from protocolo.limites import SALA_MUDOU_INTERVALO_S
from servidor.nucleo.agenda import Agenda
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.salas import Sala


class AvisosDeSalas:
    """No máximo um aviso por sala a cada 250 ms; o último estado de uma rajada sempre sai.

    Guardar por nome o último estado, e não uma fila, é o que garante que nunca chega um
    ``sala_mudou`` atrasado depois de ``sala_removida``.
    """

    def __init__(self, agenda: Agenda, espalhar: Callable[[Iterable[Conexao | None], list[bytes]], None]) -> None:
        self._agenda = agenda
        self._espalhar = espalhar
        self._acompanhantes: dict[Conexao, None] = {}
        self._por_avisar: dict[str, tuple[Sala, bool]] = {}
        self._nome_que_sumiu: dict[str, str] = {}
        """Como se escrevia a sala removida cujo nome outra já usa, com outra caixa, antes do aviso."""
        self._em_pausa: set[str] = set()

    def acompanhar(self, conexao: Conexao, sim: bool) -> None:
        """Passa a avisar a conexão, ou deixa de avisar."""
        if sim:
            self._acompanhantes[conexao] = None
        else:
            self._acompanhantes.pop(conexao, None)

    def mudou(self, sala: Sala, *, existe: bool, agora_s: float) -> None:
        """A sala mudou, ou deixou de existir."""
        if not self._acompanhantes:
            return
        anterior, existia = self._por_avisar.get(sala.chave, (sala, True))
        if existe and not existia and anterior.nome != sala.nome:
            self._nome_que_sumiu[sala.chave] = anterior.nome
        self._por_avisar[sala.chave] = (sala, existe)
        if sala.chave not in self._em_pausa:
            # Marcar para já, e não avisar aqui, junta o que o mesmo lote ainda vai mudar.
            self._em_pausa.add(sala.chave)
            self._agenda.marcar(agora_s, partial(self._avisar, sala.chave, agora_s))

    def _avisar(self, chave: str, agora_s: float) -> None:
        aviso = self._por_avisar.pop(chave, None)
        if aviso is None:
            self._em_pausa.discard(chave)
            return
        depois_s = agora_s + SALA_MUDOU_INTERVALO_S
        self._agenda.marcar(depois_s, partial(self._avisar, chave, depois_s))
        sala, existe = aviso
        sumiu = self._nome_que_sumiu.pop(chave, None)
        if sumiu is not None:
            self._contar({"tipo": "sala_removida", "sala": sumiu})
        self._contar({"tipo": "sala_mudou", **sala.resumo()} if existe else {"tipo": "sala_removida", "sala": sala.nome})

    def _contar(self, evento: dict[str, Any]) -> None:
        self._espalhar(self._acompanhantes, [montar_quadro(evento)])
