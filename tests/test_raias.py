"""As raias: cada teste numa delas e só numa, a conta de todas numa linha, e o Ctrl-C que acaba com elas."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.apoio import raias
from tests.apoio.esperas import esperar_ate
from tests.apoio.processos import RAIZ
from tests.apoio.raias import Raia

PLANTADOS = {
    "bons": "def test_um(): pass\ndef test_dois(): pass\n",
    "maus": "import pytest\ndef test_cai(): assert 0\n@pytest.fixture\ndef ruim(): assert 0\ndef test_nem_comeca(ruim): pass\n",
    "morto": "import os\ndef test_morre(): os._exit(3)\n",
    "lento": "import os, pathlib, time\ndef test_espera():\n    pathlib.Path(f'vivo-{os.getpid()}').touch()\n    time.sleep(60)\n",
}
Rodar = Callable[..., tuple[int, str]]


@pytest.fixture
def comando(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Um pytest sem configuração nem complementos, na pasta dos testes plantados."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for nome, codigo in PLANTADOS.items():
        (tmp_path / f"test_{nome}.py").write_text(codigo, encoding="utf-8")
    return [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:cacheprovider"]


@pytest.fixture
def rodar(comando: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Rodar:
    """`rodar("bons", "maus")`: uma raia para cada arquivo plantado; o código e o que se mostrou."""

    def rodar(*nomes: str) -> tuple[int, str]:
        partes = [Raia(nome, (f"test_{nome}.py",)) for nome in nomes]
        codigo = raias.rodar(partes, lambda _filhos: None, comando, cwd=tmp_path)
        return codigo, capsys.readouterr().out

    return rodar


def test_o_que_nao_e_da_primeira_e_da_segunda() -> None:
    """As pastas de uma são exatamente as que a outra deixa de fora, e existem."""
    primeira, segunda = raias.repartir()
    assert segunda.argumentos == tuple(f"--ignore={pasta}" for pasta in primeira.argumentos)
    assert all((RAIZ / pasta).is_dir() for pasta in primeira.argumentos)


@pytest.mark.parametrize(
    ("argumentos", "ambiente", "nucleos", "vale"),
    [([], {}, 2, True), (["-k", "nome"], {}, 2, False), ([], {"CHAT_TESTES_TELA": "minha"}, 2, False), ([], {}, 1, False)],
)
def test_so_a_suite_inteira_se_reparte(
    monkeypatch: pytest.MonkeyPatch, argumentos: list[str], ambiente: dict[str, str], nucleos: int, vale: bool
) -> None:
    """Quem pede uma parte, quem quer ver, e quem tem um núcleo só ficam com um pytest."""
    monkeypatch.setattr(raias, "contar_nucleos", lambda: nucleos)
    assert raias.vale_repartir(argumentos, ambiente) is vale


def test_a_ultima_linha_e_a_soma(rodar: Rodar) -> None:
    """Uma raia depois da outra, nunca misturadas; a falha de uma é a de todas."""
    codigo, dito = rodar("bons", "maus")
    assert codigo == 1
    assert re.fullmatch(r"=+ 1 failed, 2 passed, 1 error in \d+\.\d\ds \(0:00:\d\d\) =+", dito.splitlines()[-1])
    assert re.findall(r"^(bons|maus): (.*)$", dito, re.MULTILINE) == [("bons", "2 passed"), ("maus", "1 failed, 1 error")]
    assert "FAILED test_maus.py::test_cai" in dito and len(re.findall(r"^=.* in [\d.]+s", dito, re.MULTILINE)) == 1


def test_raia_que_morre_sem_dizer_nada_e_um_erro(rodar: Rodar) -> None:
    """Um pytest morto a meio não passa por bom."""
    codigo, dito = rodar("morto", "bons")
    assert codigo == 3 and "acabou sem dizer o resultado (código 3)" in dito
    assert "= 2 passed, 1 error in" in dito.splitlines()[-1]


def test_ctrl_c_acaba_com_as_duas(comando: list[str], tmp_path: Path) -> None:
    """O sinal chega ao grupo inteiro, como no terminal: os dois pytest saem por bem, e o código o diz."""
    programa = (
        "import sys; from tests.__main__ import ouvir_sinais_por; from tests.apoio.raias import Raia, rodar;"
        f"sys.exit(rodar([Raia('a', ('test_lento.py',)), Raia('b', ('test_lento.py',))], ouvir_sinais_por, {comando}, cwd={str(tmp_path)!r}))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {programa}"],
        cwd=RAIZ, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
    ) as suite:  # fmt: skip
        esperar_ate(lambda: len(list(tmp_path.glob("vivo-*"))) == 2, 60, "os testes das duas começarem")
        os.killpg(suite.pid, signal.SIGINT)
        dito = suite.communicate(timeout=60)[0]
    assert suite.returncode == 2
    assert dito.count("KeyboardInterrupt") >= 2


def test_a_conta_se_le_e_se_escreve() -> None:
    """Ida e volta, com os plurais do pytest."""
    conta = Counter(failed=1, passed=3_826, error=2)
    assert raias.contar("1 failed, 3826 passed, 2 errors") == conta
    assert " 1 failed, 3826 passed, 2 errors in 200.12s (0:03:20) " in raias.fechar_conta(conta, 200.12)
