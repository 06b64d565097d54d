"""A camada TLS e o certificado, sem rede: vetores conhecidos, apertos de mão aos pedaços e o que é lixo (§1.1)."""

from __future__ import annotations

import ssl
import stat
import sys
from pathlib import Path

import pytest

from servidor.rede.tls import curva
from servidor.rede.tls.camada import CamadaTls, e_tls
from servidor.rede.tls.certificado import contexto_do_servidor, criar_identidade, impressao_digital

# RFC 6979, A.2.5: a chave e as duas assinaturas com SHA-256.
_PRIVADA = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
_PUBLICA = (
    0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6,
    0x7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299,
)
_ASSINATURAS = {
    b"sample": (
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    ),
    b"test": (
        0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,
        0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083,
    ),
}


class Cliente:
    """O lado do cliente, também só com memória."""

    def __init__(self) -> None:
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        contexto.check_hostname, contexto.verify_mode = False, ssl.CERT_NONE
        self.chegada, self.partida = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.objeto = contexto.wrap_bio(self.chegada, self.partida)

    def apertar(self, camada: CamadaTls, pedaco_bytes: int = 1 << 20) -> bytes:
        """Aperta a mão, entregando os bytes deste lado aos pedaços; devolve os claros que já vieram."""
        claros = b""
        pronto = False
        while not (pronto and camada.pronta):
            if not pronto:
                try:
                    self.objeto.do_handshake()
                    pronto = True
                except ssl.SSLWantReadError:
                    pass
            claros += self.entregar(camada, pedaco_bytes)
            self.chegada.write(camada.tirar_saida())
        return claros

    def entregar(self, camada: CamadaTls, pedaco_bytes: int = 1 << 20) -> bytes:
        """Leva ao servidor o que este lado tem a dizer."""
        dados = self.partida.read()
        return b"".join(camada.receber(dados[i : i + pedaco_bytes]) for i in range(0, len(dados), pedaco_bytes))


@pytest.fixture(scope="module")
def contexto(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Um servidor com o seu certificado."""
    return contexto_do_servidor(tmp_path_factory.mktemp("identidade"))[0]


def test_vetores_do_rfc_6979() -> None:
    """A chave pública e as assinaturas, iguais às da norma."""
    assert curva.multiplicar_base(_PRIVADA) == _PUBLICA
    for mensagem, assinatura in _ASSINATURAS.items():
        assert curva.assinar(_PRIVADA, mensagem) == assinatura


@pytest.mark.parametrize("escalar", [1, 2, 3, curva.ORDEM - 1])
def test_os_extremos_da_curva(escalar: int) -> None:
    """O ponto está na curva, e o oposto tem a mesma abscissa."""
    x, y = curva.multiplicar_base(escalar)
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    assert (y * y - x**3 + 3 * x - b) % curva.P == 0
    assert curva.multiplicar_base(curva.ORDEM - escalar)[0] == x


def test_o_certificado_e_o_mesmo_depois_e_so_nosso(tmp_path: Path) -> None:
    """Em PEM, modo 0600, sem provisórios; outro servidor tem outro."""
    _, impressao = contexto_do_servidor(tmp_path)
    caminho = tmp_path / "identidade.pem"
    antes = caminho.read_bytes()
    assert contexto_do_servidor(tmp_path)[1] == impressao and caminho.read_bytes() == antes
    assert not list(tmp_path.glob("*.novo"))
    if sys.platform != "win32":
        assert stat.S_IMODE(caminho.stat().st_mode) == 0o600
    (tmp_path / "outra").mkdir()
    assert contexto_do_servidor(tmp_path / "outra")[1] != impressao
    assert [len(grupo) for grupo in impressao.split("-")] == [4] * 5


def test_certificado_que_ficou_pela_metade(tmp_path: Path) -> None:
    """Um provisório de uma queda não atrapalha; um arquivo estragado é um erro, e não outro certificado."""
    (tmp_path / "identidade.novo").write_text("meio")
    contexto_do_servidor(tmp_path)
    for estrago in ("", "lixo", criar_identidade()[:300]):
        (tmp_path / "identidade.pem").write_text(estrago)
        with pytest.raises(OSError):
            contexto_do_servidor(tmp_path)


def test_o_openssl_le_e_confere_o_certificado() -> None:
    """Várias vezes: o tamanho dos inteiros muda com o acaso. A assinatura confere contra ele mesmo."""
    for _ in range(8):
        pem = criar_identidade()
        der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE-----") :])
        raiz = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        raiz.load_verify_locations(cadata=der)
        assert len(raiz.get_ca_certs()) == 1 and len(impressao_digital(der)) == 24


@pytest.mark.parametrize("pedaco_bytes", [1, 3, 100, 1 << 20])
def test_aperto_aos_pedacos_e_carga_junto_do_fim(pedaco_bytes: int, contexto: ssl.SSLContext) -> None:
    """O que vem colado ao fim do aperto não se perde."""
    camada, cliente = CamadaTls(contexto), Cliente()
    claros = cliente.apertar(camada, pedaco_bytes)
    cliente.objeto.write(b"primeira carga")
    claros += cliente.entregar(camada, pedaco_bytes)
    assert camada.pronta and claros == b"primeira carga"
    assert cliente.objeto.version() == "TLSv1.3" and cliente.objeto.getpeercert(True)
    cliente.chegada.write(camada.cifrar(b"x" * 200_000))
    lido = b""
    while len(lido) < 200_000:
        lido += cliente.objeto.read(65_536)
    assert lido == b"x" * 200_000


def test_despedida_dos_dois_lados(contexto: ssl.SSLContext) -> None:
    """O cliente sabe que o fim é de verdade; o `close_notify` dele não é um erro."""
    camada, cliente = CamadaTls(contexto), Cliente()
    cliente.apertar(camada)
    cliente.chegada.write(camada.despedir())
    assert cliente.objeto.read(10) == b""
    cliente.objeto.unwrap()
    assert cliente.entregar(camada) == b""
    assert CamadaTls(contexto).despedir() == b"", "sem aperto de mão não há de que se despedir"


@pytest.mark.parametrize("lixo", [b"\x16" + b"lixo" * 50, b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x01\xff\xff" + b"\0" * 70_000])
def test_lixo_depois_do_0x16(lixo: bytes, contexto: ssl.SSLContext) -> None:
    """É um erro daquela conexão, que se conta como `OSError`."""
    assert e_tls(lixo) and not e_tls(b"GET /") and not e_tls(b"")
    with pytest.raises(OSError):
        CamadaTls(contexto).receber(lixo)


def test_o_clienthello_pela_metade_espera(contexto: ssl.SSLContext) -> None:
    """Não é erro nem resposta: quem corta é o prazo."""
    camada, cliente = CamadaTls(contexto), Cliente()
    with pytest.raises(ssl.SSLWantReadError):
        cliente.objeto.do_handshake()
    assert camada.receber(cliente.partida.read()[:-1]) == b""
    assert not camada.pronta and camada.tirar_saida() == b""
