"""Uma aula em duas máquinas: achar o servidor, confiar, conversar em duas salas, e o cabo que se puxa no meio."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cliente.sessao import Confianca, Procura, ServidorAchado
from cliente.sessao import mudancas as m
from protocolo.limites import PORTA_PADRAO
from tests.apoio.alunos import Aluno, Turma, ler_historico
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import Processo, ProcessoServidor
from tests.duas_maquinas.cabo import DuasMaquinas

NOME_DO_SERVIDOR = "Laboratório 3"
SALAS = ("geral", "redes")
ACHAR_S = 10.0
VOLTAR_S = 60.0
ENTRE_FALAS_S = 0.1


@dataclass
class Ensaio:
    """Quem está em cena. Ana e o terminal de Caio na máquina 2; o servidor e o terminal de Davi na 1."""

    maquinas: DuasMaquinas
    servidor: ProcessoServidor
    achado: ServidorAchado
    turma: Turma
    ana: Aluno
    caio: Processo
    davi: Processo
    contar: Callable[[str], None]


@contextmanager
def preparar(maquinas: DuasMaquinas, pasta: Path, contar: Callable[[str], None]) -> Iterator[Ensaio]:
    """Abre o servidor numa máquina e, na outra, acha-o e entra. A thread fica na máquina 2 até a saída."""
    with ExitStack() as pilha:
        with maquinas.dentro_da(1):
            servidor = ProcessoServidor(pasta / "dados", "--host", "0.0.0.0", "--nome-servidor", NOME_DO_SERVIDOR,
                                       porta=PORTA_PADRAO)
            pilha.callback(_fechar, servidor)
        pilha.enter_context(maquinas.dentro_da(2))
        achado = _achar(maquinas.endereco(1), contar)
        turma = Turma(pasta / "certificados.json")
        pilha.callback(turma.fechar)
        ana = turma.matricular("Ana")[0]
        ana.chegar(achado.host, achado.porta)
        turma.ate(ana.esta_em, o_que="Ana identificada")
        _conferir_confianca(ana, achado, pasta / "certificados.json", contar)
        _entrar(turma, ana)
        caio = _abrir_terminal(pilha, achado.host, achado.porta, "Caio", pasta / "caio")
        with maquinas.dentro_da(1):
            davi = _abrir_terminal(pilha, "127.0.0.1", servidor.porta, "Davi", pasta / "davi")
        for terminal in (caio, davi):
            terminal.saida.esperar(r"Você entrou em #redes\.")
        yield Ensaio(maquinas, servidor, achado, turma, ana, caio, davi, contar)


def conversar_e_puxar_o_cabo(ensaio: Ensaio, fora_s: float, os_terminais_percebem: bool) -> None:
    """A conversa nas duas salas, o cabo fora por ``fora_s``, e tudo igual para todos depois."""
    turma, ana = ensaio.turma, ensaio.ana
    ditas = [*_falar(ensaio, "antes")]
    turma.ate(lambda: len(ana.vista("redes")) >= len(ditas) and ana.ja_disse_tudo(), o_que="a conversa de antes")
    vistas = len(ana.mudancas)
    ensaio.contar(f"cabo puxado por {fora_s:g} s")
    puxado_s = time.monotonic()
    ensaio.maquinas.puxar_o_cabo()
    ditas += _falar(ensaio, "durante")
    turma.ate(lambda: any(isinstance(mudanca, m.ConexaoCaiu) for mudanca in ana.mudancas[vistas:]), VOLTAR_S, "perceber")
    ensaio.contar(f"Ana percebe em {time.monotonic() - puxado_s:.1f} s: {_motivo(ana)}")
    turma.ate(lambda: time.monotonic() - puxado_s >= fora_s, fora_s + VOLTAR_S, "o tempo do cabo fora")
    ensaio.maquinas.por_o_cabo()
    posto_s = time.monotonic()
    turma.ate(lambda: ana.voltas() >= 1 and ana.esta_em(*SALAS), VOLTAR_S, "Ana de volta")
    ensaio.contar(f"Ana de volta {time.monotonic() - posto_s:.1f} s depois de posto o cabo")
    if os_terminais_percebem:
        ensaio.caio.saida.esperar(r"\[SYS\] De volta, Caio\.", VOLTAR_S)
    ditas += _falar(ensaio, "depois")
    turma.ate(lambda: ana.ja_disse_tudo() and len(ana.vista("redes")) >= len(ditas), VOLTAR_S, "tudo em #redes")
    _conferir(ensaio, ditas)
    da_ana = sum(texto.startswith("Ana") for texto in ditas)
    ensaio.contar(f"{len(ditas)} mensagens em #redes e {da_ana} em #geral, em ordem, nenhuma perdida nem repetida")
    ensaio.contar("Ana ainda modera #redes")


def _achar(onde: str, contar: Callable[[str], None]) -> ServidorAchado:
    """Sem saber o endereço: a pergunta vai em broadcast pelo cabo."""
    procura, comeco_s = Procura(lambda: None), time.monotonic()
    procura.comecar()
    try:
        achado = esperar_ate(lambda: procura.achados, ACHAR_S, "achar o servidor pelo cabo")[0]
    finally:
        procura.parar()
        assert procura.esperar_o_fim()
    assert (achado.nome, achado.host, achado.porta) == (NOME_DO_SERVIDOR, onde, PORTA_PADRAO) and achado.cifrado
    contar(f"achado {achado.nome!r} em {achado.host}:{achado.porta} em {time.monotonic() - comeco_s:.1f} s")
    return achado


def _conferir_confianca(ana: Aluno, achado: ServidorAchado, arquivo: Path, contar: Callable[[str], None]) -> None:
    assert ana.sessao.cifrado and ana.sessao.impressao == achado.impressao
    preso = Confianca(arquivo).conhecido(achado.host, achado.porta)
    assert preso is not None and preso.impressao == achado.impressao, "o certificado aceito ficou preso a este servidor"
    contar(f"conexão cifrada, certificado preso: {preso.impressao}")


def _entrar(turma: Turma, ana: Aluno) -> None:
    """Ana cria #redes, e é ela quem a modera."""
    for sala in SALAS:
        ana.sessao.entrar(sala, criar=True)
    turma.ate(lambda: ana.esta_em(*SALAS), o_que="Ana nas salas")


def _abrir_terminal(pilha: ExitStack, host: str, porta: int, nome: str, casa: Path) -> Processo:
    terminal = Processo("cliente", "--terminal", "--tls", "exigir", "--host", host, "--porta", str(porta),
                        "--nome", nome, ambiente={"HOME": str(casa), "XDG_CONFIG_HOME": str(casa)})
    pilha.callback(_fechar, terminal)
    terminal.saida.esperar(r"Conexão cifrada\. Impressão digital do servidor: \S+")
    terminal.saida.esperar(r"Você entrou em #geral\.")
    terminal.escrever("/join #redes")
    return terminal


def _falar(ensaio: Ensaio, quando: str) -> list[str]:
    """Todos dizem o mesmo tanto em #redes; Ana diz também na geral. Devolve o que se espera de #redes."""
    ditas = []
    for numero in range(5):
        for nome, terminal in (("Caio", ensaio.caio), ("Davi", ensaio.davi)):
            ditas.append(f"{nome} {quando} {numero}")
            terminal.escrever(ditas[-1])
        ditas.append(f"Ana {quando} {numero}")
        for sala in SALAS:
            ensaio.ana.falar(sala, [ditas[-1]])
        ensaio.ana.bombear()
        time.sleep(ENTRE_FALAS_S)  # o passo de uma conversa: a taxa do servidor é a de sempre
    return ditas


def _motivo(ana: Aluno) -> str:
    return next(mudanca.falha.tipo.value for mudanca in reversed(ana.mudancas) if isinstance(mudanca, m.ConexaoCaiu))


def _conferir(ensaio: Ensaio, ditas: list[str]) -> None:
    with Fio(ensaio.achado.host, ensaio.achado.porta) as fio:
        fio.ola()
        fio.identificar("Conferente")
        for sala in SALAS:
            fio.exigir("entrar", sala=sala, criar=False)
        guardado = {sala: ler_historico(fio, sala) for sala in SALAS}
    textos = [texto for _, _, texto in guardado["redes"]]
    assert sorted(textos) == sorted(ditas), "cada mensagem uma vez, e nenhuma a mais"
    for nome in ("Ana", "Caio", "Davi"):
        de_um = [texto for texto in ditas if texto.startswith(nome)]
        assert [texto for texto in textos if texto.startswith(nome)] == de_um, f"{nome} fora de ordem"
    assert [texto for _, _, texto in guardado["geral"]] == [texto for texto in ditas if texto.startswith("Ana")]
    for sala in SALAS:
        ensaio.turma.ate(lambda sala=sala: ensaio.ana.vista(sala) == guardado[sala], o_que=f"Ana vê #{sala} inteira")
    for terminal in (ensaio.caio, ensaio.davi):
        terminal.saida.esperar(re.escape(textos[-1]), VOLTAR_S)
        linhas = [linha for linha in terminal.saida.todas() if linha.startswith("[#redes]")]
        assert linhas == [f"[#redes] {de}: {texto}" for _, de, texto in guardado["redes"]]
    _conferir_papel(ensaio)


def _conferir_papel(ensaio: Ensaio) -> None:
    conversa = ensaio.ana.sessao.conversa("redes")
    assert conversa is not None and conversa.sou_moderador, "Ana voltou sem o papel"
    assert [membro.nome for membro in conversa.membros if membro.moderador] == ["Ana"]


def _fechar(processo: Processo) -> None:
    problemas = processo.fechar()
    assert not problemas, problemas
