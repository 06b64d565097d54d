"""A história da corrida e o que não pode acontecer nela (PROTOCOLO.md, §§4 a 6)."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEMBRADO_MAX = 200_000
VIOLACOES_MAX = 50
BANCO = "conversas.db"
SEPARADOR = "|"

Objeto = dict[str, Any]
Conteudo = tuple[str, str, str | None, str]
"""De quem, o texto, a ``ref`` e a hora."""


@dataclass(frozen=True)
class Confirmacao:
    """O que um ``ok`` prometeu de uma mensagem."""

    sala: str
    sala_id: int
    seq: int
    hora: str


def escrever_texto(nome: str, sala: str, numero: int, recheio: str) -> str:
    """Um texto que diz de quem é e de que sala: é assim que se descobre quando o servidor troca."""
    return SEPARADOR.join((nome, sala, str(numero), recheio))


class Conferencia:
    """Confere cada fato na hora e guarda o que só se sabe no fim. As regras estão em cada método."""

    def __init__(self) -> None:
        self.contagem: Counter[str] = Counter()
        self.violacoes: list[str] = []
        self.houve_violacao = threading.Event()
        self._historia: deque[tuple[float, str, str, Any]] = deque(maxlen=LEMBRADO_MAX)
        self._comeco_s = time.monotonic()
        self._log: dict[tuple[int, int], Conteudo] = {}
        self._seq_da_ref: dict[tuple[int, str, str], int] = {}
        self._confirmadas: dict[tuple[str, str], Confirmacao] = {}

    # A história

    def anotar(self, quem: str, o_que: str, dados: Any = None) -> None:
        """Guarda um fato; de qualquer thread."""
        self._historia.append((time.monotonic() - self._comeco_s, quem, o_que, dados))

    def violar(self, quem: str, o_que: str) -> None:
        """Algo que não podia acontecer aconteceu; de qualquer thread."""
        self.anotar(quem, "VIOLAÇÃO", o_que)
        if len(self.violacoes) < VIOLACOES_MAX:
            self.violacoes.append(f"{time.monotonic() - self._comeco_s:.3f} s, {quem}: {o_que}")
        self.houve_violacao.set()

    def exigir(self, certo: bool, quem: str, o_que: str) -> bool:
        """Viola se não é verdade; devolve ``certo``."""
        if not certo:
            self.violar(quem, o_que)
        return certo

    def escrever_historia(self, destino: Path) -> None:
        """A história inteira, um fato por linha."""
        with destino.open("w", encoding="utf-8") as arquivo:
            for quando_s, quem, o_que, dados in list(self._historia):
                fato = {"s": round(quando_s, 4), "quem": quem, "fato": o_que, "dados": dados}
                arquivo.write(json.dumps(fato, ensure_ascii=False) + "\n")

    # O que se confere na hora

    def entregue(self, quem: str, sala: str, sala_id: int, mensagem: Objeto) -> None:
        """Da sala certa, de quem diz ser, e igual para todos os que a viram."""
        de, texto, ref, seq = mensagem["de"], mensagem["texto"], mensagem.get("ref"), mensagem["seq"]
        autor, sala_do_texto, *_ = texto.split(SEPARADOR)
        self.exigir(mensagem["sala"] == sala == sala_do_texto, quem, f"mensagem de outra sala: {mensagem}")
        self.exigir(de == autor, quem, f"`de` não é de quem escreveu: {mensagem}")
        conteudo = (de, texto, ref, mensagem["hora"])
        visto = self._log.setdefault((sala_id, seq), conteudo)
        self.exigir(visto == conteudo, quem, f"#{sala} seq {seq} não é a mesma para todos: {conteudo} e {visto}")
        if ref is not None:
            primeira = self._seq_da_ref.setdefault((sala_id, de, ref), seq)
            self.exigir(primeira == seq, quem, f"#{sala}: a ref {ref} de {de} está nas seq {primeira} e {seq}")

    def confirmada(self, quem: str, ref: str, confirmacao: Confirmacao) -> None:
        """A confirmação de uma ``ref`` nunca muda."""
        self.contagem["confirmadas"] += (quem, ref) not in self._confirmadas
        antes = self._confirmadas.setdefault((quem, ref), confirmacao)
        self.exigir(antes == confirmacao, quem, f"o ok da ref {ref} mudou de {antes} para {confirmacao}")

    # O que só se sabe no fim

    def conferir_historico(self, sala: str, sala_id: int, mensagens: list[Objeto]) -> None:
        """O histórico lido do servidor: contíguo, completo, e tudo o que alguém viu está nele."""
        quem = f"histórico de #{sala}"
        seqs = [mensagem["seq"] for mensagem in mensagens]
        self.exigir(seqs == list(range(1, len(seqs) + 1)), quem, f"não vai de 1 em 1: {seqs[:5]}…{seqs[-5:]}")
        for mensagem in mensagens:
            self.entregue(quem, sala, sala_id, mensagem)
        vistas = {seq for outra, seq in self._log if outra == sala_id}
        self.exigir(vistas <= set(seqs), quem, f"vistas e perdidas: {sorted(vistas - set(seqs))[:20]}")
        confirmadas = [c for c in self._confirmadas.values() if c.sala_id == sala_id and c.seq not in vistas]
        self.exigir(not confirmadas, quem, f"confirmadas e perdidas: {confirmadas[:20]}")

    def conferir_banco(self, dados: Path) -> None:
        """O banco, com o servidor parado: o confirmado e o visto estão lá, e nenhuma ``ref`` duas vezes."""
        with sqlite3.connect(dados / BANCO) as conexao:
            linhas = conexao.execute("SELECT sala_id, seq, de, texto, ref FROM mensagens ORDER BY sala_id, seq").fetchall()
            nomes = dict(conexao.execute("SELECT sala_id, nome FROM salas").fetchall())
            inteiro = conexao.execute("PRAGMA integrity_check").fetchone()[0]
        conexao.close()
        self.exigir(inteiro == "ok", "banco", f"está corrompido: {inteiro}")
        self.contagem["gravadas"] = len(linhas)
        gravadas = {(sala_id, seq): (de, texto, ref) for sala_id, seq, de, texto, ref in linhas}
        self._conferir_gravadas(gravadas, nomes)
        for (quem, ref), c in self._confirmadas.items():
            linha = gravadas.get((c.sala_id, c.seq))
            certa = linha is not None and (linha[0], linha[2]) == (quem, ref) and nomes.get(c.sala_id) == c.sala
            self.exigir(certa, quem, f"confirmada e não gravada: ref {ref}, {c}; no lugar há {linha}")
        for lugar, conteudo in self._log.items():
            self.exigir(gravadas.get(lugar) == conteudo[:3], "banco", f"vista e não gravada em {lugar}: {conteudo}")

    def _conferir_gravadas(self, gravadas: dict[tuple[int, int], tuple[str, str, str | None]], nomes: dict[int, str]) -> None:
        refs: Counter[tuple[int, str, str]] = Counter()
        ultima: dict[int, int] = {}
        for (sala_id, seq), (de, texto, ref) in gravadas.items():
            self.exigir(seq == ultima.get(sala_id, 0) + 1, "banco", f"lacuna em #{nomes.get(sala_id)} antes da seq {seq}")
            self.exigir(texto.split(SEPARADOR)[:2] == [de, nomes.get(sala_id)], "banco", f"de outra sala ou pessoa: {de}, {texto!r}")
            ultima[sala_id] = seq
            if ref is not None:
                refs[sala_id, de, ref] += 1
        for chave, vezes in refs.items():
            self.exigir(vezes == 1, "banco", f"a ref {chave} foi gravada {vezes} vezes")
