"""``python3 -m tests.desempenho.janelas [medida…]``: o que as janelas custam e quanto elas travam.

Cada medida roda num processo seu, numa tela virtual sua (Xvfb e openbox).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.apoio.tela_virtual import tela_virtual
from tests.desempenho import janelas_cliente, janelas_partida, janelas_servidor
from tests.desempenho.janelas_metas import juntar
from tests.desempenho.janelas_sonda import dar_prioridade
from tests.desempenho.palavras import legenda

_RAIZ = Path(__file__).resolve().parents[2]

MEDIDAS: dict[str, Callable[[argparse.Namespace], None]] = {
    "partida": janelas_partida.medir_partida,
    "servidor": janelas_servidor.medir_inundacao,
    "servidor-parado": janelas_servidor.medir_parada,
    "cliente": janelas_cliente.medir_inundacao,
    "cliente-parado": janelas_cliente.medir_parada,
    "abrir": janelas_cliente.medir_abertura,
    "memoria": janelas_cliente.medir_memoria,
    "salas": janelas_cliente.medir_salas,
    "membros": janelas_cliente.medir_membros,
}
"""Nome → o que mede; sem nome nenhum, todas."""


def principal(argumentos: Sequence[str] | None = None) -> int:
    """Roda as medidas pedidas e imprime. Devolve 1 se alguma não terminou."""
    pedidos = list(sys.argv[1:] if argumentos is None else argumentos)
    opcoes = _montar_leitor().parse_args(pedidos)
    dar_prioridade()
    if opcoes.aqui:
        _rodar_aqui(opcoes)
        return 0
    falhas = 0
    resto = [pedido for pedido in pedidos if pedido not in MEDIDAS]
    with tempfile.TemporaryDirectory() as pasta:
        anotacoes = Path(pasta, "anotacoes")
        anotacoes.touch()
        for nome in [*(opcoes.medidas or MEDIDAS)] * opcoes.repetir:
            falhas += not _rodar_numa_tela(nome, [*resto, "--anotar", str(anotacoes)])
        quadro = juntar(anotacoes).em_markdown()
    print(f"\nMediana de {opcoes.repetir}:\n\n{quadro}\n\n{legenda(quadro)}")
    return min(falhas, 1)


def _rodar_numa_tela(nome: str, resto: Sequence[str]) -> bool:
    print(f"{nome}: {(MEDIDAS[nome].__doc__ or '').splitlines()[0]}", flush=True)
    with tela_virtual() as tela:
        comando = [sys.executable, "-m", "tests.desempenho.janelas", nome, "--aqui", *resto]
        return subprocess.run(comando, cwd=_RAIZ, env={**os.environ, "DISPLAY": tela}).returncode == 0


def _rodar_aqui(opcoes: argparse.Namespace) -> None:
    [nome] = opcoes.medidas
    if not opcoes.perfil:
        MEDIDAS[nome](opcoes)
        return
    import cProfile
    import pstats

    perfil = cProfile.Profile()
    perfil.runcall(MEDIDAS[nome], opcoes)
    pstats.Stats(perfil).sort_stats(opcoes.perfil).print_stats(45)


def _montar_leitor() -> argparse.ArgumentParser:
    leitor = argparse.ArgumentParser(prog="python3 -m tests.desempenho.janelas", description=__doc__)
    leitor.add_argument("medidas", nargs="*", choices=[*MEDIDAS, []], help="quais; sem nenhuma, todas")
    leitor.add_argument("--segundos", type=float, default=6.0, help="duração de cada enxurrada")
    leitor.add_argument("--vezes", type=int, default=5, help="quantas vezes se repete o que se mede pela mediana")
    leitor.add_argument("--repetir", type=int, default=1, help="quantas vezes se mede tudo, para a mediana do quadro")
    leitor.add_argument("--anotar", help=argparse.SUPPRESS)
    leitor.add_argument("--usuarios", type=int, default=2_000)
    leitor.add_argument("--por-s", type=int, default=20_000, help="mensagens por segundo no servidor")
    leitor.add_argument("--por-s-do-cliente", type=int, default=2_000, help="mensagens por segundo na sala à vista")
    leitor.add_argument("--mensagens", type=int, default=100_000, help="quantas passam na medida da memória")
    leitor.add_argument("--aba", action="append", help="só esta aba da janela do servidor")
    leitor.add_argument("--perfil", choices=["cumulative", "tottime"], help="mostra onde o tempo da janela se vai")
    leitor.add_argument("--aqui", action="store_true", help="nesta tela e neste processo")
    return leitor


if __name__ == "__main__":
    sys.exit(principal())
