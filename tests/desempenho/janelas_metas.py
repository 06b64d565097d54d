"""O que se quer das janelas, e como cada medida o anota para quem junta as vezes todas num quadro."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from tests.desempenho.metas import Achado, Meta, Quadro
from tests.desempenho.palavras import numero, tres_algarismos

PARADA = (2.0, 0.5)
_TRAVAMENTO = (100.0, 30.0)


def travamento(nome: str) -> Meta:
    """O travamento mais longo de uma janela inundada."""
    return Meta(f"travamento mais longo: {nome}", *_TRAVAMENTO, " ms", teto=True)


def partida(programa: str) -> Meta:
    """Do começo do processo à primeira tela usável."""
    return Meta(f"partida do {programa} contra um Tk() vazio", 3.0, 1.5, "×", teto=True)


def parada(nome: str) -> Meta:
    """O processador gasto sem nada acontecer."""
    return Meta(f"processador parado: {nome}", *PARADA, " %", teto=True)


ABRIR = Meta("sala com 200 mensagens, do Enter à tela pintada", 150.0, 50.0, " ms", teto=True)
MEMORIA = Meta("memória do cliente depois das mensagens na sala à vista, a mais que no começo", 30.0, 10.0, " MB", teto=True)


def sem_meta(nome: str, unidade: str = " ms") -> Meta:
    """O que se mede para saber, sem nada prometido."""
    return Meta(nome, unidade=unidade)


def anotar(opcoes: argparse.Namespace, meta: Meta, valor: float, sinais: str = "", nota: str = "") -> None:
    """Mostra a medida e, se alguém está juntando, guarda-a."""
    juizo = f"   [{meta.julgar(valor)}: mínimo {numero(meta.minimo or 0, 1)}, meta {numero(meta.meta, 1)}]" if meta.meta else ""
    print(f"  {meta.nome:<76} {tres_algarismos(valor)}{meta.unidade} {sinais}{juizo} {nota}", flush=True)
    if opcoes.anotar:
        with open(opcoes.anotar, "a", encoding="utf-8") as arquivo:
            arquivo.write(json.dumps({"meta": asdict(meta), "valor": valor, "sinais": sinais}) + "\n")


def juntar(arquivo: Path) -> Quadro:
    """O quadro de tudo o que se anotou."""
    quadro = Quadro()
    for linha in arquivo.read_text(encoding="utf-8").splitlines():
        lido = json.loads(linha)
        quadro.anotar(Achado(Meta(**lido["meta"]), lido["valor"], lido["sinais"]))
    return quadro
