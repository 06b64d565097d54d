"""A conexão cifrada: confiar na primeira vez, recusar o certificado trocado, nunca voltar ao claro às escondidas."""

from __future__ import annotations

import socket
import ssl
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cliente.sessao import Certificado, Confianca, Estado, Mensagem, TipoDeFalha, reconexao
from cliente.sessao import mudancas as m
from servidor.rede.tls.certificado import contexto_do_servidor
from tests.apoio.processos import ProcessoServidor
from tests.cliente.sessao.linha_ruim import LinhaRuim
from tests.cliente.sessao.palco import PRAZO_S, Ator

AbrirServidor = Callable[..., ProcessoServidor]


@pytest.fixture
def arquivo(tmp_path: Path) -> Path:
    """Onde se guardam os certificados aceitos."""
    return tmp_path / "nova" / "certificados.json"


@pytest.fixture
def abrir(arquivo: Path) -> Iterator[Callable[..., Ator]]:
    """``abrir(perguntar_confianca=True)``: uma sessão que lembra os certificados nesse arquivo."""
    atores: list[Ator] = []

    def novo(**opcoes: object) -> Ator:
        atores.append(Ator(**{"confianca": Confianca(arquivo), **opcoes}))
        return atores[-1]

    yield novo
    for ator in atores:
        ator.fechar()


def _saudar(ator: Ator, servidor: ProcessoServidor, tls: str = "auto") -> None:
    ator.sessao.conectar(servidor.host, servidor.porta, tls)
    ator.ate(lambda: ator.sessao.estado is Estado.SAUDADA)


def _falhar(ator: Ator, porta: int, tls: str = "auto") -> TipoDeFalha:
    ator.sessao.conectar("127.0.0.1", porta, tls)
    return ator.esperar(m.ConexaoFalhou).falha.tipo


def test_primeira_vez_aceita_e_lembra(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor,
                                      arquivo: Path) -> None:
    servidor = abrir_servidor()
    ana = abrir()
    _saudar(ana, servidor)
    aceito = ana.esperar(m.CertificadoAceito)
    esperada = contexto_do_servidor(servidor.dados)[1]
    assert ana.sessao.cifrado and ana.sessao.servidor.cifrado
    assert ana.sessao.impressao == aceito.certificado.impressao == esperada
    if sys.platform != "win32":
        assert stat.S_IMODE(arquivo.stat().st_mode) == 0o600
    assert [outro.name for outro in arquivo.parent.iterdir()] == [arquivo.name]
    bob = abrir()
    _saudar(bob, servidor, "exigir")
    assert bob.sessao.cifrado and not bob.de_tipo(m.CertificadoAceito)
    servidor.reiniciar(matando=True)  # o certificado é o mesmo
    _saudar(bob, servidor)
    assert bob.sessao.impressao == esperada


def test_perguntar_antes_de_confiar(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor) -> None:
    servidor = abrir_servidor()
    ana = abrir(perguntar_confianca=True)
    for _ in range(2):
        ana.sessao.conectar(servidor.host, servidor.porta, "auto")
        pedido = ana.esperar(m.CertificadoDesconhecido)
        assert ana.sessao.estado is Estado.AGUARDANDO_CONFIANCA and not ana.de_tipo(m.ConexaoFalhou)
        assert (pedido.host, pedido.porta) == (servidor.host, servidor.porta)
        ana.sessao.recusar_certificado()
        assert ana.sessao.estado is Estado.DESCONECTADA
        ana.sessao.confiar()  # já não há o que confiar
        assert ana.sessao.estado is Estado.DESCONECTADA
    ana.sessao.conectar(servidor.host, servidor.porta, "auto")
    ana.esperar(m.CertificadoDesconhecido)
    ana.sessao.confiar()
    ana.ate(lambda: ana.sessao.estado is Estado.SAUDADA)
    assert ana.sessao.cifrado
    _saudar(ana, servidor)
    assert len(ana.de_tipo(m.CertificadoDesconhecido)) == 3


def test_servidor_em_claro(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor) -> None:
    servidor = abrir_servidor("--tls", "nao")
    ana = abrir(perguntar_confianca=True)
    _saudar(ana, servidor)
    assert not ana.sessao.cifrado and ana.sessao.impressao is None and not ana.sessao.servidor.cifrado
    assert _falhar(ana, servidor.porta, "exigir") is TipoDeFalha.SEM_CIFRA


def test_servidor_que_exige(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor) -> None:
    servidor = abrir_servidor("--tls", "exigir")
    ana = abrir()
    assert _falhar(ana, servidor.porta, "nao") is TipoDeFalha.EXIGE_TLS
    _saudar(ana, servidor)
    assert ana.sessao.cifrado


def test_certificado_trocado_e_a_saida_deliberada(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor,
                                                  tmp_path: Path) -> None:
    servidor = abrir_servidor()
    ana = abrir()
    _saudar(ana, servidor)
    antiga = ana.sessao.impressao
    servidor.matar()
    outro = abrir_servidor(porta=servidor.porta, dados=tmp_path / "outra instalação")
    ana.sessao.conectar(outro.host, outro.porta, "auto")
    falha = ana.esperar(m.ConexaoFalhou).falha
    assert falha.tipo is TipoDeFalha.CERTIFICADO_MUDOU and "Por segurança" not in falha.frase
    assert falha.conhecido.impressao == antiga != falha.certificado.impressao
    assert ana.sessao.estado is Estado.DESCONECTADA
    assert _falhar(ana, outro.porta, "exigir") is TipoDeFalha.CERTIFICADO_MUDOU
    ana.sessao.esquecer_certificado(outro.host, outro.porta)
    _saudar(ana, outro)
    assert ana.sessao.impressao == falha.certificado.impressao


def test_identidade_apagada_no_servidor_e_certificado_trocado(abrir: Callable[..., Ator],
                                                              abrir_servidor: AbrirServidor) -> None:
    servidor = abrir_servidor()
    ana = abrir()
    _saudar(ana, servidor)
    aceita = ana.sessao.impressao
    servidor.matar()
    (servidor.dados / "identidade.pem").unlink()
    servidor.reiniciar()
    for tls in ("auto", "exigir"):
        assert _falhar(ana, servidor.porta, tls) is TipoDeFalha.CERTIFICADO_MUDOU
    assert _falhar(abrir(), servidor.porta) is TipoDeFalha.CERTIFICADO_MUDOU, "outro programa com o mesmo arquivo"
    ana.sessao.esquecer_certificado(servidor.host, servidor.porta)
    _saudar(ana, servidor)
    assert ana.sessao.impressao != aceita


def test_quem_ja_cifrou_nao_volta_ao_claro(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor) -> None:
    servidor = abrir_servidor()
    ana = abrir()
    _saudar(ana, servidor)
    servidor.matar()
    claro = abrir_servidor("--tls", "nao", porta=servidor.porta)
    assert _falhar(ana, claro.porta) is TipoDeFalha.DEIXOU_DE_CIFRAR
    ana.sessao.esquecer_certificado(claro.host, claro.porta)
    _saudar(ana, claro)
    assert not ana.sessao.cifrado


def test_trocado_no_meio_da_volta_nao_insiste(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor,
                                              tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconexao, "PRIMEIRA_ESPERA_S", 0.05)
    monkeypatch.setattr(reconexao, "ESPERA_MAX_S", 0.1)
    servidor = abrir_servidor()
    ana = abrir(reconectar_sozinha=True)
    _saudar(ana, servidor)
    ana.sessao.identificar("Ana")
    ana.esperar(m.Identificado)
    servidor.matar()
    abrir_servidor(porta=servidor.porta, dados=tmp_path / "outra")
    ana.esperar(m.ConexaoFalhou, lambda mudanca: mudanca.falha.tipo is TipoDeFalha.CERTIFICADO_MUDOU)
    ana.esperar(m.TentativasPararam)
    assert ana.sessao.estado is Estado.CAIU and ana.sessao.proximo_prazo_s is None


class Intruso:
    """Um servidor TLS com outro certificado, que anota tudo o que consegue ler."""

    def __init__(self, pasta: Path) -> None:
        pasta.mkdir()
        self._contexto = contexto_do_servidor(pasta)[0]
        self._ouvinte = socket.create_server(("127.0.0.1", 0))
        self._ouvinte.settimeout(PRAZO_S)
        self.porta = self._ouvinte.getsockname()[1]
        self.lidos = b""
        self.leu = threading.Event()
        self._thread = threading.Thread(target=self._servir)
        self._thread.start()

    def _servir(self) -> None:
        with self._ouvinte.accept()[0] as crua:
            crua.settimeout(PRAZO_S)
            try:
                with self._contexto.wrap_socket(crua, server_side=True) as cifrada:
                    while dados := cifrada.recv(4_096):
                        self.lidos += dados
                        self.leu.set()
            except (OSError, ssl.SSLError):
                pass

    def fechar(self) -> None:
        """Espera o par ir embora."""
        self._thread.join()
        self._ouvinte.close()


@pytest.mark.parametrize(("ja_conhecia", "pergunta"), [(True, True), (False, True), (False, False)])
def test_nada_se_manda_a_quem_nao_se_confia(tmp_path: Path, ja_conhecia: bool, pergunta: bool) -> None:
    intruso = Intruso(tmp_path / "intruso")
    confianca = Confianca()
    if ja_conhecia:
        confianca.confiar("127.0.0.1", intruso.porta, Certificado("0" * 64, "AAAA-BBBB-CCCC-DDDD-EEEE"))
    ana = Ator(confianca=confianca, perguntar_confianca=pergunta)
    ana.sessao.conectar("127.0.0.1", intruso.porta, "auto")
    if pergunta:
        ana.esperar(m.ConexaoFalhou if ja_conhecia else m.CertificadoDesconhecido)
    else:
        assert intruso.leu.wait(PRAZO_S)  # quem confia fala: o intruso sabe mesmo ler
    ana.fechar()
    intruso.fechar()
    assert pergunta == (intruso.lidos == b"")


@pytest.mark.parametrize(("resposta", "tipo"), [
    (b"\x15\x03\x03\x00\x02\x02\x28", TipoDeFalha.CIFRA_FALHOU),  # um alerta: fala TLS, não nos entendemos
    (b"\x16\x03\x03\x00\x04\x02\x00\x00\x00", TipoDeFalha.CIFRA_FALHOU),
    (b"\x17" * 5_000, TipoDeFalha.CIFRA_FALHOU),
    (b"\x16\x03\x03\x40\x00", TipoDeFalha.FECHOU_SEM_FALAR),  # começa um registro e desliga
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", TipoDeFalha.E_PAGINA_WEB),
    (b"SSH-2.0-OpenSSH\r\n", TipoDeFalha.NAO_E_CHAT),
    (b"", TipoDeFalha.FECHOU_SEM_FALAR),
])
def test_quem_atende_de_outro_jeito(resposta: bytes, tipo: TipoDeFalha) -> None:
    ouvinte = socket.create_server(("127.0.0.1", 0))
    ouvinte.settimeout(PRAZO_S)

    def atender() -> None:
        try:
            while True:
                with ouvinte.accept()[0] as par:
                    par.recv(4_096)
                    par.sendall(resposta)
        except OSError:
            pass

    thread = threading.Thread(target=atender)
    thread.start()
    ana = Ator()
    try:
        assert _falhar(ana, ouvinte.getsockname()[1]) is tipo
        if resposta[:1] in (b"\x15", b"\x16", b"\x17", b""):
            assert _falhar(ana, ouvinte.getsockname()[1], "exigir") is tipo
        else:
            assert _falhar(ana, ouvinte.getsockname()[1], "exigir") is TipoDeFalha.SEM_CIFRA
    finally:
        ana.fechar()
        ouvinte.shutdown(socket.SHUT_RDWR)
        ouvinte.close()
        thread.join()


def test_cifrado_e_cortado_a_toda_hora(abrir: Callable[..., Ator], abrir_servidor: AbrirServidor,
                                       monkeypatch: pytest.MonkeyPatch) -> None:
    """Cortes no meio de registros TLS e kill -9: volta sozinha, cifrada, e nada se perde nem se repete."""
    monkeypatch.setattr(reconexao, "PRIMEIRA_ESPERA_S", 0.02)
    monkeypatch.setattr(reconexao, "ESPERA_MAX_S", 0.1)
    servidor = abrir_servidor("--taxa", "0")
    linha = LinhaRuim(servidor.host, servidor.porta, 3)
    try:
        ana = abrir(reconectar_sozinha=True)
        ana.sessao.conectar("127.0.0.1", linha.porta, "auto")
        ana.ate(lambda: ana.sessao.estado is Estado.SAUDADA)
        ana.sessao.identificar("Ana")
        ana.esperar(m.Identificado)
        ana.sessao.entrar("geral")
        ana.esperar(m.EntrouNaSala)
        for numero in range(60):
            ana.sessao.enviar("geral", f"{numero} " + "x" * 3_000)
            if numero % 12 == 7:
                linha.cortar()
                ana.esperar(m.Identificado)
            if numero == 30:
                servidor.reiniciar(matando=True)
        ana.ate(lambda: not ana.sessao.pendentes("geral"))
        ditas = [linha.texto.split()[0] for linha in ana.sessao.conversa("geral").linhas if isinstance(linha, Mensagem)]
        assert ditas == [str(numero) for numero in range(60)] and ana.sessao.cifrado
    finally:
        linha.fechar()


# ---------------------------------------------------------------- o arquivo


def test_arquivo_de_varios_donos_estragado_e_sem_permissao(tmp_path: Path) -> None:
    caminho = tmp_path / "c.json"
    um, dois = Certificado("1" * 64, "AAAA"), Certificado("2" * 64, "BBBB")
    uma, outra = Confianca(caminho), Confianca(caminho)
    uma.confiar("Servidor", 1, um)
    outra.confiar("servidor", 2, dois)
    assert uma.conhecido("SERVIDOR", 2) == dois and outra.conhecido("servidor", 1) == um
    uma.esquecer("servidor", 1)
    assert outra.conhecido("servidor", 1) is None and outra.conhecido("servidor", 2) == dois
    for torto in (b"\xff", b"[]", b'{"servidores": {"a": {}}}', b'{"servidores": {"a": {"sha256": 1, "impressao": 2}}}',
                  b"[" * 100_000):
        caminho.write_bytes(torto)
        assert uma.conhecido("servidor", 2) is None
        assert caminho.with_suffix(".estragado").read_bytes() == torto
    impossivel = Confianca(tmp_path / "c.estragado" / "x.json")
    impossivel.confiar("a", 1, um)
    assert impossivel.conhecido("a", 1) == um
    impossivel.esquecer("a", 1)
    assert impossivel.conhecido("a", 1) is None
