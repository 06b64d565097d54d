"""§1: quadros, tamanhos, JSON estrito e quem fala outra língua."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha, Objeto, Processo, quadro

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]


def roteiro(nome: str, sala: str) -> bytes:
    """Uma conversa inteira, em bytes."""
    pedidos: list[Objeto] = [
        {"tipo": "ola", "versao": 1, "id": 1},
        {"tipo": "identificar", "nome": nome, "id": 2},
        {"tipo": "criar", "sala": sala, "assunto": "provas de física", "id": 3},
        {"tipo": "mensagem", "sala": sala, "texto": "olá 😀", "id": 4},
        {"tipo": "historico", "sala": sala, "id": 5},
        {"tipo": "nada disso", "id": 6},
        {"tipo": "encerrar", "id": 7},
    ]
    return b"".join(map(quadro, pedidos))


def conferir_roteiro(objetos: list[Objeto], sala: str) -> None:
    """As sete respostas, em ordem, e o evento da própria mensagem depois do seu `ok`."""
    assert [objeto.get("id") for objeto in objetos] == [1, 2, 3, 4, None, 5, 6, 7]
    assert [objeto["tipo"] for objeto in objetos] == ["ok"] * 4 + ["mensagem", "ok", "erro", "ok"]
    assert objetos[4]["texto"] == "olá 😀" and objetos[4]["sala"] == sala


@pytest.mark.parametrize("corte", [1, 2, 3, 5, 64, 10_000])
def test_o_corte_dos_pedacos_nao_importa(ligar: Ligar, novo: Novo, corte: int) -> None:
    """Byte a byte ou tudo num segmento: as mesmas respostas."""
    sala, linha = novo("s"), ligar()
    dados = roteiro(novo("u"), sala)
    for comeco in range(0, len(dados), corte):
        linha.cru(dados[comeco : comeco + corte])
    conferir_roteiro(linha.ate_fechar(), sala)


def test_quem_fecha_a_escrita_ainda_recebe_as_respostas(ligar: Ligar, novo: Novo) -> None:
    """Como faz quem manda tudo e depois só lê."""
    for _ in range(10):
        sala, linha = novo("s"), ligar()
        linha.cru(roteiro(novo("u"), sala))
        linha.socket.shutdown(1)
        conferir_roteiro(linha.ate_fechar(), sala)


def test_limite_antes_de_identificar(ligar: Ligar, novo: Novo) -> None:
    """4.096 passa; 4.097 é recusado sem que se mande o corpo."""
    linha = ligar()
    ola = {"tipo": "ola", "versao": 1, "id": 1, "enchimento": ""}
    ola["enchimento"] = "x" * (4_096 - len(quadro(ola)) + 4)
    assert len(quadro(ola)) == 4_100
    linha.cru(quadro(ola))
    assert linha.resposta(1)["tipo"] == "ok"
    linha.cru((4_097).to_bytes(4, "big"))
    objetos = linha.ate_fechar()
    assert [(objeto["tipo"], objeto["codigo"], "id" in objeto) for objeto in objetos] == [
        ("erro", "quadro_grande_demais", False)
    ]


def test_limite_depois_de_identificar(ligar: Ligar, novo: Novo) -> None:
    """65.536 passa; 65.537 não, e é a última coisa que se recebe."""
    linha = ligar("ana")
    linha.cru(quadro(b'{"tipo":"ping","id":9}' + b" " * (65_536 - 22)))
    assert linha.resposta(9)["tipo"] == "ok"
    linha.cru((65_537).to_bytes(4, "big"))
    assert [objeto["codigo"] for objeto in linha.ate_fechar()] == ["quadro_grande_demais"]


def test_o_limite_cresce_no_quadro_seguinte_ao_identificar(ligar: Ligar, novo: Novo) -> None:
    """Mesmo mandado antes de o `ok` voltar."""
    linha = ligar()
    linha.ok("ola", versao=1)
    identificar = {"tipo": "identificar", "nome": novo("u"), "id": 2}
    linha.cru(quadro(identificar) + quadro(b'{"tipo":"ping","id":3}' + b" " * 60_000))
    assert (linha.resposta(2)["tipo"], linha.resposta(3)["tipo"]) == ("ok", "ok")


def test_o_ultimo_erro_chega_mesmo_com_muito_por_ler(ligar: Ligar) -> None:
    """Encerra a escrita e joga fora o resto, em vez de o perder num RST."""
    linha = ligar()
    linha.cru(b"\xff\xff\xff\xff" + b"lixo" * 75_000)
    assert [objeto["codigo"] for objeto in linha.ate_fechar()] == ["quadro_grande_demais"]


@pytest.mark.parametrize(
    "dados", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /x HTTP/1.0\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"HELO x\r\n"]
)
def test_outras_linguas(ligar: Ligar, dados: bytes) -> None:
    """`quadro_grande_demais`, e fecha; os outros nem percebem."""
    outra, linha = ligar("bob"), ligar()
    linha.cru(dados)
    assert [objeto["codigo"] for objeto in linha.ate_fechar()] == ["quadro_grande_demais"]
    assert outra.chegados() == []


INVALIDAS = {
    "vazia": b"",
    "lista": b"[]",
    "nulo": b"null",
    "texto": b'"x"',
    "número": b"1",
    "não é JSON": b"{tipo:1}",
    "cortada": b'{"tipo":"ping"',
    "algo depois": b'{"tipo":"ping"} x',
    "BOM": b'\xef\xbb\xbf{"tipo":"ping"}',
    "UTF-16": '{"tipo":"ping"}'.encode("utf-16"),
    "Latin-1": '{"tipo":"ping","x":"é"}'.encode("latin-1"),
    "substituto codificado": b'{"tipo":"ping","x":"\xed\xa0\x80"}',
    "NaN": b'{"tipo":"ping","x":NaN}',
    "Infinity": b'{"tipo":"ping","x":-Infinity}',
    "1e999": b'{"tipo":"ping","x":[1e999]}',
    "chave repetida": b'{"tipo":"ping","x":1,"x":1}',
    "chave repetida com escape": b'{"tipo":"ping","a":1,"\\u0061":1}',
    "inteiro acima": b'{"tipo":"ping","x":9007199254740992}',
    "inteiro abaixo": b'{"tipo":"ping","x":-9007199254740992}',
    "inteiro imenso": b'{"tipo":"ping","x":' + b"9" * 3_000 + b"}",
    "33 níveis": b'{"tipo":"ping","x":' + b"[" * 32 + b"]" * 32 + b"}",
    "colchetes sem fim": b"[" * 4_000,
}
VALIDAS = {
    "32 níveis": b'{"tipo":"ping","id":9,"x":' + b"[" * 31 + b"]" * 31 + b"}",
    "chaves em texto": b'{"tipo":"ping","id":9,"x":"' + b"[{" * 100 + b'"}',
    "inteiros nos limites": b'{"tipo":"ping","id":9,"x":[9007199254740991,-9007199254740991]}',
    "frações": b'{"tipo":"ping","id":9,"x":[1.5,1e3,-0.0]}',
    "espaços": b' \t\r\n{"tipo" : "ping" ,"id":9}\n',
    "substituto num campo que se ignora": b'{"tipo":"ping","id":9,"x":"\\ud800"}',
    "escapes": b'{"\\u0074ipo":"\\u0070ing","id":9}',
}


@pytest.mark.parametrize("carga", INVALIDAS.values(), ids=INVALIDAS.keys())
def test_quadro_invalido_e_a_conexao_continua(ligar: Ligar, carga: bytes) -> None:
    """Um `erro` sem `id`, e o pedido seguinte é atendido."""
    linha = ligar()
    linha.ok("ola", versao=1)
    linha.cru(quadro(carga))
    erro = linha.evento("erro", codigo="quadro_invalido")
    assert "id" not in erro and erro["mensagem"]
    assert linha.chegados() == []


@pytest.mark.parametrize("carga", VALIDAS.values(), ids=VALIDAS.keys())
def test_quadro_valido(ligar: Ligar, carga: bytes) -> None:
    """Estranho, mas JSON."""
    linha = ligar()
    linha.ok("ola", versao=1)
    linha.cru(quadro(carga))
    assert linha.resposta(9)["tipo"] == "ok"


def test_o_decimo_invalido_seguido_fecha(ligar: Ligar) -> None:
    """Nove, um bom — mesmo recusado — e outros nove não fecham; o décimo sim, depois do seu `erro`."""
    linha = ligar()
    linha.ok("ola", versao=1)
    for _ in range(2):
        linha.cru(quadro(b"[]") * 9)
        linha.erro("tipo_desconhecido", "dançar")
        assert len(linha.chegados()) == 9
    linha.cru(quadro(b"[]") * 11)
    assert [objeto["codigo"] for objeto in linha.ate_fechar()] == ["quadro_invalido"] * 10


def test_quem_some_no_meio_de_um_quadro(ligar: Ligar, novo: Novo) -> None:
    """Em qualquer ponto, com FIN ou RST: o servidor segue, e os outros veem uma saída só."""
    vizinho, sala = ligar("viz"), novo("s")
    vizinho.ok("entrar", sala=sala)
    dados = quadro({"tipo": "mensagem", "sala": sala, "texto": "cortada"})
    for posicao in range(0, len(dados), 7):
        linha = ligar("cai")
        linha.ok("entrar", sala=sala)
        linha.cru(dados[:posicao])
        linha.largar() if posicao % 2 else linha.fechar()
        assert vizinho.evento("saiu", nome=linha.nome)["motivo"] == "caiu"
    assert {objeto["tipo"] for objeto in vizinho.chegados()} == {"entrou"}


@pytest.mark.parametrize("semente", range(4))
def test_lixo_ao_acaso(ligar: Ligar, novo: Novo, servidor: Processo, semente: int) -> None:
    """Conversas estragadas byte a byte não derrubam nem confundem o servidor."""
    sorte, sala = random.Random(semente), novo("s")
    testemunha = ligar("tes")
    for _ in range(40):
        dados = bytearray(roteiro(novo("u"), sala))
        for _ in range(sorte.randrange(1, 8)):
            dados[sorte.randrange(len(dados))] = sorte.randrange(256)
        linha = ligar()
        linha.cru(bytes(dados))
        linha.socket.shutdown(1)
        for objeto in linha.ate_fechar():
            assert objeto.get("codigo") != "interno"
        linha.fechar()
    testemunha.chegados()
    assert servidor.filho.poll() is None and servidor.reclamado() == ""
