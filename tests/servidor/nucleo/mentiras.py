"""O mundo de mentira do núcleo: arquivo em listas, relógio que se adianta à mão, sorteio previsível e oficinas sem thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, get_args

from servidor.nucleo.portas import (
    Anotacao,
    ChaveDeLinha,
    ErroDeGravacao,
    ErroDeLeitura,
    EstadoGravado,
    Linha,
    LinhaDeBanido,
    LinhaDeConta,
    LinhaDeFala,
    LinhaDeLugar,
    LinhaDeSala,
    LinhaDeUsuario,
    MensagemGravada,
)

EPOCA_MS = 1_795_000_000_000


class ArquivoDeMentira:
    """Cumpre a porta `Arquivo` com listas, e falha quando se pede."""

    def __init__(self) -> None:
        self.gravadas: list[MensagemGravada] = []
        self.anotacoes: list[Anotacao] = []
        self.estado: dict[ChaveDeLinha, Linha] = {}
        self._ultimas: dict[int, int] = {}
        self.disco_cheio = False
        self.recusar_texto: str | None = None
        self.nao_le = False
        self.gravacoes = 0

    def carregar(self) -> EstadoGravado:
        """O que foi gravado, nas classes certas; só de salas vivas, como no banco."""
        por_classe: dict[type, list[Any]] = {c: [] for c in get_args(Linha)}
        for linha in self.estado.values():
            por_classe[type(linha)].append(linha)
        vivas = {linha.sala_id for linha in por_classe[LinhaDeSala]}
        return EstadoGravado(
            usuarios=por_classe[LinhaDeUsuario],
            salas=por_classe[LinhaDeSala],
            lugares=[linha for linha in por_classe[LinhaDeLugar] if linha.sala_id in vivas],
            contas=por_classe[LinhaDeConta],
            banidos=[linha for linha in por_classe[LinhaDeBanido] if linha.sala_id in vivas | {0}],
        )

    def gravar(
        self,
        falas: Sequence[LinhaDeFala],
        estado: Mapping[ChaveDeLinha, Linha | None],
        anotacoes: Sequence[Anotacao] = (),
    ) -> None:
        """Tudo ou nada, e com a seq sem buracos nem repetição, como a chave primária exige."""
        if self.disco_cheio:
            raise ErroDeGravacao("o disco está cheio", passageiro=True)
        mensagens = [
            MensagemGravada(sala_id, seq + n, de, chave_de, texto, hora_ms, ref)
            for sala_id, seq, de, chave_de, textos, hora_ms, refs in falas
            for n, (texto, ref) in enumerate(zip(textos, refs, strict=True))
        ]
        if any(m.texto == self.recusar_texto for m in mensagens):
            raise ErroDeGravacao("a linha não serve", passageiro=False)
        ultimas: dict[int, int] = {}
        for mensagem in mensagens:
            anterior = ultimas.get(mensagem.sala_id, self.ultima_seq(mensagem.sala_id))
            assert mensagem.seq == anterior + 1, f"seq {mensagem.seq} depois de {anterior}"
            ultimas[mensagem.sala_id] = mensagem.seq
        self.gravacoes += 1
        self.gravadas.extend(mensagens)
        self._ultimas |= ultimas
        self.anotacoes.extend(anotacoes)
        for chave, linha in estado.items():
            if linha is None:
                self.estado.pop(chave, None)
            else:
                self.estado[chave] = linha

    def ultima_seq(self, sala_id: int) -> int:
        """A maior da sala."""
        return self._ultimas.get(sala_id, 0)

    def mensagens(
        self, sala_id: int, *, depois: int, antes: int | None, limite: int, mais_antigas: bool
    ) -> list[MensagemGravada]:
        """Como no banco."""
        if self.nao_le:
            raise ErroDeLeitura("o disco não responde")
        achadas = [
            m for m in self.gravadas if m.sala_id == sala_id and m.seq > depois and (antes is None or m.seq < antes)
        ]
        return achadas[:limite] if mais_antigas else achadas[-limite:]

    def por_ref(self, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> tuple[int, int] | None:
        """A primeira com a mesma ref, do mesmo nome, na mesma sala."""
        if self.nao_le:
            raise ErroDeLeitura("o disco não responde")
        for m in self.gravadas:
            if (m.sala_id, m.chave_de, m.ref) == (sala_id, chave_de, ref) and m.hora_ms >= desde_ms:
                return m.seq, m.hora_ms
        return None

    def ha_alguma_ref(self, sala_id: int, chave_de: str, refs: Sequence[str], desde_ms: int) -> bool:
        """Se `por_ref` acharia alguma."""
        return any(self.por_ref(sala_id, chave_de, ref, desde_ms) is not None for ref in refs)


class RelogioDeMentira:
    """Só anda quando se manda."""

    def __init__(self) -> None:
        self.s = 1000.0

    def agora_s(self) -> float:
        """Segundos."""
        return self.s

    def hora_ms(self) -> int:
        """A hora acompanha os segundos."""
        return EPOCA_MS + int(self.s * 1000)


class SorteioDeMentira:
    """Fichas e salas numeradas, que não se repetem nem quando o servidor recomeça."""

    def __init__(self) -> None:
        self._numeros = count(1)

    def ficha(self) -> str:
        """ficha-1, ficha-2, …"""
        return f"ficha-{next(self._numeros)}"

    def sala_id(self) -> int:
        """O próximo número."""
        return next(self._numeros)


class OficinaImediata:
    """Faz o trabalho na hora."""

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Sem thread."""
        ao_terminar(trabalho())


class OficinaLenta:
    """Guarda os trabalhos; eles terminam quando se manda, na ordem que se quiser."""

    def __init__(self) -> None:
        self.por_terminar: list[Callable[[], None]] = []

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Faz já, e conta depois."""
        resultado = trabalho()
        self.por_terminar.append(lambda: ao_terminar(resultado))
