"""``python3 -m tests.desempenho [cenário]``: mede o servidor de verdade, em outro processo, ao lado de referências."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from servidor.rede.recursos import aumentar_limite_de_descritores
from tests.desempenho.demora import latencia
from tests.desempenho.entrada import entrada
from tests.desempenho.estagios import estagios
from tests.desempenho.leque import leque, salas
from tests.desempenho.maquina import Nucleos, descrever, isolar_rede
from tests.desempenho.palavras import CARGA_NO_LIMITE, PERTURBADA, legenda
from tests.desempenho.processos import RAIZ
from tests.desempenho.quadro_geral import tudo
from tests.desempenho.repouso import ociosos, turma
from tests.desempenho.variantes import variantes

CENARIOS: dict[str, Callable[[argparse.Namespace, Nucleos], object]] = {
    "leque": leque,
    "salas": salas,
    "latencia": latencia,
    "entrada": entrada,
    "ociosos": ociosos,
    "variantes": variantes,
    "estagios": estagios,
    "turma": turma,
    "tudo": tudo,
}
_DURACAO_S = 4.0
_DURACAO_EM_TUDO_S = 1.5
_COMO_LER = """\
µs cada: processador do servidor por mensagem. Conferidas: nada se perdeu, repetiu ou trocou de ordem.
Carga: quanto do seu processador ela usou."""


def principal() -> int:
    """Lê as opções e roda o cenário."""
    opcoes = _ler_opcoes()
    aumentar_limite_de_descritores()
    nucleos = Nucleos()
    rede = isolar_rede()
    nucleos.ficar_no_da_carga()
    print(descrever(rede, nucleos), flush=True)
    CENARIOS[opcoes.cenario](opcoes, nucleos)
    if opcoes.cenario != "tudo":
        print(f"\n{_COMO_LER}\n{legenda(PERTURBADA + CARGA_NO_LIMITE)}")
    return 0


def _ler_opcoes() -> argparse.Namespace:
    leitor = argparse.ArgumentParser(
        prog="python3 -m tests.desempenho",
        description=__doc__,
        epilog=f"{_listar_cenarios()}\n\nCom outros programas na máquina: nice -n -15 python3 -m tests.desempenho leque\n"
        "As janelas medem-se à parte: python3 -m tests.desempenho.janelas",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    por = leitor.add_argument
    por("cenario", nargs="?", choices=CENARIOS, default="leque", help="o que medir (leque)")
    por("--motor", choices=("threads", "seletor"), default="threads")
    por("--durabilidade", choices=("total", "normal"), default="normal")
    por("--tls", action="store_true", help="o servidor e a carga falam TLS (as referências não)")
    por("--ref", action="store_true", help="as mensagens levam ref, como as dos clientes de verdade")
    por("--tentativas", type=int, default=1, metavar="N", help="repete até N vezes a medida que outros programas perturbaram")
    por("--repetir", type=int, default=3, metavar="N", help="tudo: de quantas execuções é a mediana")
    por("--duracao", type=float, metavar="S", help="segundos de cada medida, depois de aquecer (4; em tudo, 1,5)")
    por("--sem-referencias", action="store_true", help="só o servidor, para comparar depressa antes e depois")
    por("--projeto", type=Path, default=RAIZ, metavar="PASTA", help="mede o servidor de outra cópia do projeto (antes e depois)")
    por("--antes", metavar="COMMIT|PASTA", help="estagios: compara com outra cópia do projeto")
    por("--chamas", type=Path, metavar="ARQUIVO.svg", help="estagios: desenha quem chama quem, e quanto leva, na primeira forma pedida")
    por("--tabela", type=Path, metavar="ARQUIVO.md", help="tudo: guarda as tabelas a cada passo")
    por("--membros", type=_numeros, default=[50, 200, 500], metavar="N,N…", help="leque: tamanhos da sala")
    por("--falantes", type=_numeros, default=[1, 10], metavar="N,N…", help="leque: quantos falam")
    por("--ociosos", type=_numeros, default=[1000, 10000], metavar="N,N…", help="ociosos: quantos")
    por("--clientes", type=int, default=2000, help="turma: quantos")
    por("--por-sala", type=int, default=20, help="turma: membros de cada sala")
    por("--por-s", type=float, default=200.0, help="turma: mensagens por segundo, no total")
    opcoes = leitor.parse_args()
    if opcoes.duracao is None:
        opcoes.duracao = _DURACAO_EM_TUDO_S if opcoes.cenario == "tudo" else _DURACAO_S
    return opcoes


def _listar_cenarios() -> str:
    return "\n".join(f"  {nome:10} {(fazer.__doc__ or '').splitlines()[0]}" for nome, fazer in CENARIOS.items())


def _numeros(texto: str) -> list[int]:
    return [int(numero) for numero in texto.split(",")]


if __name__ == "__main__":
    sys.exit(principal())
