"""O cliente de texto, como processo, com o servidor de verdade do outro lado."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from cliente.texto.narrador import limpar
from tests.apoio.processos import RAIZ, Processo, ProcessoServidor

Abrir = Callable[..., Processo]


@pytest.fixture
def abrir(abrir_processo: Callable[..., Processo], processo_servidor: ProcessoServidor) -> Abrir:
    """``abrir(nome="Ana")``: um cliente de texto no ``processo_servidor``."""

    def abrir(**opcoes: str) -> Processo:
        completas = {"porta": str(processo_servidor.porta), **opcoes}
        return abrir_processo("cliente", *_argumentos(completas))

    return abrir


def _argumentos(opcoes: dict[str, str]) -> list[str]:
    return ["--terminal", *(parte for nome, valor in opcoes.items() for parte in (f"--{nome}", valor))]


def _rodar(servidor: ProcessoServidor, entrada: str | bytes, **opcoes: str) -> tuple[int, list[str], str]:
    """Roda até o fim com essa entrada: código, linhas de stdout e stderr."""
    completas = {"porta": str(servidor.porta), **opcoes}
    bruta = entrada.encode() if isinstance(entrada, str) else entrada
    fim = subprocess.run([sys.executable, "-m", "cliente", *_argumentos(completas)], cwd=RAIZ, input=bruta,
                         capture_output=True, timeout=20)
    assert b"Traceback" not in fim.stderr
    return fim.returncode, fim.stdout.decode("utf-8").splitlines(), fim.stderr.decode("utf-8")


def test_conversa_entre_dois(abrir: Abrir) -> None:
    ana, bob = abrir(nome="Ana"), abrir(nome="Bob")
    for cliente in (ana, bob):
        cliente.saida.esperar(r"^\[SYS\] Você entrou em #geral\.$")
    ana.escrever("Olá a todos! 😀")
    for cliente in (ana, bob):
        cliente.saida.esperar(r"^\[#geral\] Ana: Olá a todos! 😀$")
    bob.escrever("/quit")
    assert bob.esperar_fim() == 0
    ana.saida.esperar(r"^\[SYS\] Bob saiu da sala\.$")
    ana.fechar_entrada()
    assert ana.esperar_fim() == 0


def test_pede_o_nome_e_sugere_outro(abrir: Abrir) -> None:
    abrir(nome="Ana").saida.esperar("Você entrou")
    outra = abrir()
    outra.saida.esperar(r"Qual é o seu nome\?")
    for torto in ("Robô", "", "x" * 25):
        outra.escrever(torto)
    outra.escrever("ana")
    outra.saida.esperar(r"Que tal ana 2\?")
    outra.escrever("")
    outra.saida.esperar(r"Bem-vindo .*, ana 2!")
    assert sum("Digite outro nome." in linha for linha in outra.saida.todas()) == 2


def test_os_comandos_em_ordem(processo_servidor: ProcessoServidor) -> None:
    """O Robô responde; nenhum comando passa na frente do que se disse antes, nem do comando anterior."""
    roteiro = ["oi", "/usuarios", "/histrico", "/historico x", "/entrar #Física", "na física", "/sair",
               "de volta à geral", "/nome Bia", "agora Bia", "/privado Bia só eu", "/join", "/zzzzzz", "/expulsar Zé",
               "//barra", "/sair", "sem sala", "/ping", "/sair"]
    codigo, saida, _ = _rodar(processo_servidor, "\n".join(roteiro) + "\n", nome="Ana")
    assert saida[0].startswith("[SYS] Conexão cifrada. Impressão digital do servidor: ")
    assert saida[2:] == [
        "[SYS] Você entrou em #geral.", "[#geral] Ana: oi", "[Robô] 1 em #geral: Ana.",
        "[Robô] Não conheço o comando /histrico. Você quis dizer /historico?",
        "[Robô] Diga um número de 1 a 200.", "[SYS] Você entrou em #Física.", "[#Física] Ana: na física",
        "[SYS] Você saiu de #Física.", "[SYS] Agora você fala em #geral.", "[#geral] Ana: de volta à geral",
        "[SYS] Agora você se chama Bia.", "[#geral] Bia: agora Bia", "(privado) Bia → Bia: só eu",
        "[Robô] Escreva assim: /join #sala [senha]", "[Robô] Não conheço o comando /zzzzzz. Veja a lista com /help.",
        "[Robô] Só quem modera a sala pode fazer isso.", "[#geral] Bia: /barra", "[SYS] Você saiu de #geral.",
        "[SYS] Você não está em nenhuma sala. Use /list e /join #sala.",
        "[SYS] Você não está em nenhuma sala. Use /list e /join #sala.",
        "[SYS] Não enviada: “sem sala”. Entre numa sala primeiro.", "[Robô] pong", "[SYS] Até logo!"]
    assert codigo == 0


def test_conta_e_privada_entre_dois(abrir: Abrir) -> None:
    ana = abrir(nome="Ana")
    ana.saida.esperar("Você entrou")
    ana.escrever("/registrar senha comprida")
    ana.saida.esperar(r"^\[Robô\] Pronto: o nome Ana agora pede essa senha\.$")
    ana.escrever("/quit")
    assert ana.esperar_fim() == 0
    outra = abrir(nome="ana")
    outra.saida.esperar("Digite a senha de ana")
    vistas = len(outra.saida.todas())
    outra.escrever("errada demais")
    outra.saida.esperar("Digite a senha de ana", a_partir_de=vistas)
    outra.escrever("senha comprida")
    outra.saida.esperar("Você entrou")
    bob = abrir(nome="Bob")
    bob.saida.esperar("Você entrou")
    bob.escrever("/msg ana psiu")
    outra.saida.esperar(r"^\(privado\) Bob: psiu$")
    bob.saida.esperar(r"^\(privado\) Bob → ana: psiu$")


@pytest.mark.parametrize("palavra", ["/quit", "/exit", "/encerrar", "sair"])
def test_jeitos_de_ir_embora(processo_servidor: ProcessoServidor, palavra: str) -> None:
    codigo, saida, erros = _rodar(processo_servidor, f"{palavra}\nnunca dita\n", nome="Ana")
    assert (codigo, saida[-1], erros) == (0, "[SYS] Até logo!", "")


def test_ajuda_conta_todos_os_principais(processo_servidor: ProcessoServidor) -> None:
    _, saida, _ = _rodar(processo_servidor, "/ajuda\n", nome="Ana")
    for comando in ("/help", "/usuarios", "/list", "/join", "/sair", "/nome", "/historico", "/encerrar"):
        assert any(linha.startswith(f"  {comando}") for linha in saida)


def test_entrada_grande_e_torta_chega_inteira_e_em_ordem(abrir_servidor: Callable[..., ProcessoServidor]) -> None:
    servidor = abrir_servidor("--taxa", "0")
    falas = [f"fala {numero}" for numero in range(700)]
    entrada = "\n".join(falas).encode() + b"\n\xff\xfe torta\r\n" + b"x" * 5_000 + b"\n\nfim sem quebra"
    codigo, saida, _ = _rodar(servidor, entrada, nome="Ana")
    ditas = [linha.removeprefix("[#geral] Ana: ") for linha in saida if linha.startswith("[#geral]")]
    assert ditas == [*falas, "\ufffd\ufffd torta", "fim sem quebra"]
    assert any(linha.startswith("[SYS] Não enviada: “xxx") and "máximo" in linha for linha in saida)
    assert codigo == 1  # nem tudo foi


def test_sala_escolhida_e_a_que_nao_vale(processo_servidor: ProcessoServidor) -> None:
    codigo, saida, _ = _rodar(processo_servidor, "oi\n", nome="Ana", sala="#Química")
    assert (codigo, saida[-1]) == (0, "[#Química] Ana: oi")
    codigo, saida, _ = _rodar(processo_servidor, "oi\n", nome="Ana", sala="a/b")
    assert codigo == 1 and any("Não deu para entrar em #a/b" in linha for linha in saida)


def test_sem_servidor_e_sem_nome(processo_servidor: ProcessoServidor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as livre:
        porta = livre.getsockname()[1]
    codigo, saida, erros = _rodar(processo_servidor, "", porta=str(porta), nome="Ana")
    assert (codigo, saida) == (1, []) and erros.count("\n") == 1 and "Ninguém atende" in erros
    codigo, _, erros = _rodar(processo_servidor, "")
    assert (codigo, erros) == (1, "Nenhum nome foi informado.\n")


def test_servidor_morre_e_enter_traz_de_volta(abrir: Abrir, processo_servidor: ProcessoServidor) -> None:
    ana = abrir(nome="Ana")
    ana.saida.esperar("Você entrou")
    ana.escrever("antes")
    ana.saida.esperar(r"^\[#geral\] Ana: antes$")
    processo_servidor.matar()
    ana.saida.esperar("Pressione Enter para reconectar")
    ana.escrever("")
    ana.saida.esperar(r"Ninguém atende .* Pressione Enter")
    processo_servidor.reiniciar()
    ana.escrever("escrita no escuro")
    ana.saida.esperar(r"^\[SYS\] De volta, Ana\.$")
    ana.saida.esperar(r"^\[#geral\] Ana: escrita no escuro$")
    ana.escrever("depois")
    ana.saida.esperar(r"^\[#geral\] Ana: depois$")
    conversa = [linha for linha in ana.saida.todas() if linha.startswith("[#geral]")]
    assert conversa == [f"[#geral] Ana: {texto}" for texto in ("antes", "escrita no escuro", "depois")]
    vistas = len(ana.saida.todas())
    processo_servidor.matar()
    ana.saida.esperar(r"^\[SYS\] Conexão perdida\. Nova tentativa em \d+ s…$", a_partir_de=vistas)
    ana.fechar_entrada()
    assert ana.esperar_fim() == 1


def test_ctrl_c_e_saida_fechada(abrir: Abrir, processo_servidor: ProcessoServidor) -> None:
    ana = abrir(nome="Ana")
    ana.saida.esperar("Você entrou")
    ana.sinalizar(signal.SIGINT)
    assert ana.esperar_fim() == 130 and ana.erros.todas() == []
    argumentos = _argumentos({"porta": str(processo_servidor.porta), "nome": "Bob"})
    bob = subprocess.Popen([sys.executable, "-m", "cliente", *argumentos], cwd=RAIZ, stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    bob.stdout.readline()
    bob.stdout.close()
    bob.stdin.write(b"oi\n/help\n")
    bob.stdin.flush()
    assert bob.wait(10) == 1 and bob.stderr.read() == b""
    bob.stdin.close()
    bob.stderr.close()


def test_o_que_vem_de_fora_nao_comanda_o_terminal() -> None:
    assert limpar("a\x1b[2Jb\x9b\u202e\rc\x07") == "a\ufffd[2Jb\ufffd\ufffd\ufffdc\ufffd"
    assert limpar("um\n[SYS] falso") == "um\n  [SYS] falso"
