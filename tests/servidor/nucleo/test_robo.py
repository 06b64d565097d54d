"""O Robô: cada comando, cada apelido, o `ok` que leva `comando:true` e o que só quem pediu vê (§8)."""

from __future__ import annotations

from typing import Any

import pytest

from servidor.nucleo import senhas
from servidor.nucleo.tratadores.robo import COMANDOS
from tests.servidor.nucleo.palco import Cena, Objeto, Pessoa


@pytest.fixture(autouse=True)
def scrypt_barato(monkeypatch: pytest.MonkeyPatch) -> None:
    """O custo fica guardado ao lado do resumo."""
    monkeypatch.setattr(senhas, "_N", 16)


@pytest.fixture
def cena() -> Cena:
    """Um núcleo sem limite de taxa nem de silêncio."""
    return Cena()


def mandar(pessoa: Pessoa, texto: str, **campos: Any) -> tuple[Objeto, list[str]]:
    """Manda um comando; devolve o `ok` e as falas do Robô."""
    pessoa.recebidos.clear()
    ok = pessoa.exigir("comando", texto=texto, **campos)
    assert ok.pop("comando") is True and "seq" not in ok
    del ok["id"], ok["tipo"]
    return ok, [e["texto"] for e in pessoa.recebidos if e["tipo"] == "robo"]


# --- o envelope ------------------------------------------------------------------------------


@pytest.mark.parametrize("texto", ["oi", "help", "sair daqui", "", "  ", "／help"])
def test_comando_sem_barra(texto: str, cena: Cena) -> None:
    """É `mensagem_invalida` (ou `texto_invalido`, se vazio), salvo `sair`."""
    ana = cena.conectar("Ana")
    recusa = ana.pedir("comando", texto=texto)
    assert recusa["codigo"] == ("mensagem_invalida" if texto.strip() else "texto_invalido")
    assert recusa["campo"] == "texto" and not ana.fechada


def test_so_quem_pediu_ve_e_a_fala_diz_a_sala(cena: Cena) -> None:
    """Nem o comando nem a resposta chegam aos outros; nada se grava."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    cena.esquecer()
    ok = ana.exigir("mensagem", sala="aula", texto="/ping", ref="r")
    assert ok.keys() == {"tipo", "id", "comando"}
    assert ana.recebidos == [{"tipo": "robo", "sala": "aula", "texto": "pong"}] and bia.recebidos == []
    ana.recebidos.clear()
    ana.mandar("comando", texto="/ping")
    assert ana.recebidos == [{"tipo": "robo", "texto": "pong"}], "sem id não há ok"
    assert cena.arquivo.gravadas == []


def test_duas_barras_escapam(cena: Cena) -> None:
    """Uma sai; o resto é texto, e é gravado."""
    ana = cena.conectar("Ana", salas="aula")
    assert ana.exigir("mensagem", sala="aula", texto="//help")["seq"] == 1
    ana.exigir("mensagem", sala="aula", texto="///")
    ana.exigir("mensagem", sala="aula", texto=" /help")
    assert [m.texto for m in cena.arquivo.gravadas] == ["/help", "//", " /help"]


def test_a_recusa_vem_pelo_robo(cena: Cena) -> None:
    """O `id` recebe `ok` com o código, e a fala diz o motivo."""
    ana, _ = cena.conectar("Ana", salas="aula"), cena.conectar("Bia")
    for texto, codigo in {
        "/nome Bia": "nome_em_uso",
        "/nome ???": "nome_invalido",
        "/nome": "mensagem_invalida",
        "/join": "mensagem_invalida",
        "/join #": "sala_invalida",
        "/privado Zé oi": "usuario_inexistente",
        "/privado Bia": "texto_invalido",
        "/expulsar Bia": "usuario_inexistente",
        "/expulsar Ana": "sem_permissao",
        "/expulsar Bia " + "x" * 201: "mensagem_invalida",
        "/desbanir Bia": "usuario_inexistente",
        "/historico 0": "mensagem_invalida",
        "/historico 201": "mensagem_invalida",
        "/historico -1": "mensagem_invalida",
        "/historico ²": "mensagem_invalida",
        "/historico tudo": "mensagem_invalida",
        "/registrar curta": "senha_invalida",
        "/xyzzy": "tipo_desconhecido",
        "/": "tipo_desconhecido",
    }.items():
        ok, falas = mandar(ana, texto, sala="aula")
        assert ok == {"codigo": codigo}, texto
        assert len(falas) == 1 and falas[0], texto


@pytest.mark.parametrize(("texto", "parecido"), [("/hlep", "/help"), ("/usuario", "/usuarios"), ("/Sai", "/sair"), ("/banit x", "/banir")])
def test_desconhecido_sugere_o_mais_parecido(texto: str, parecido: str, cena: Cena) -> None:
    """Ou a lista, se nada se parece."""
    ana = cena.conectar("Ana")
    assert f"Você quis dizer {parecido}?" in mandar(ana, texto)[1][0]
    assert "/help" in mandar(ana, "/zzzzzzzz")[1][0]


@pytest.mark.parametrize("nome", [n for n in COMANDOS if n not in ("/sair", "/encerrar", "/registrar")])
def test_nenhum_comando_derruba_quem_o_escreve_mal(nome: str, cena: Cena) -> None:
    """Sem nada, com aspas soltas, com lixo: há sempre um `ok` e algo a ler."""
    ana = cena.conectar("Ana", salas="aula")
    for resto in ("", " ", ' "', ' ""', ' "a" "b"', " ''", " " + "x" * 3900, " \u0301", " #", " a\nb\tc"):
        for campos in ({}, {"sala": "aula"}, {"sala": "nenhuma"}):
            if ana.conexao.usuario is not None:
                mandar(ana, nome.upper() + resto, **campos)


def test_conta_uma_vez_na_taxa(cena: Cena) -> None:
    """O comando e o pedido que ele vira são um só; recusado também conta; acima, `erro devagar`."""
    cena = Cena(taxa_por_s=2)
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    for texto in ("/privado Bia oi", "/privado Zé oi", "/naoexiste", "/ping"):
        ana.exigir("comando", texto=texto)
    recusa = ana.pedir("comando", texto="/privado Bia oi")
    assert (recusa["tipo"], recusa["codigo"]) == ("erro", "devagar") and recusa["espere_ms"] > 0
    assert ana.recusado("mensagem", sala="x", texto="/ping") == "devagar"
    assert len(bia.eventos("privada")) == 1


def test_as_respostas_saem_na_ordem(cena: Cena) -> None:
    """Também atrás de uma senha que se resume e de mensagens por gravar."""
    ana = cena.conectar("Ana", salas="aula")
    ana.recebidos.clear()
    with cena.lote():
        ana.mandar("mensagem", sala="aula", texto="oi", id=1)
        ana.mandar("comando", texto="/historico", sala="aula", id=2)
        ana.mandar("comando", texto="/registrar 12345678", id=3)
        ana.mandar("ping", id=4)
    assert [o["id"] for o in ana.recebidos if "id" in o] == [1, 2, 3, 4]
    assert any("Ana: oi" in o["texto"] for o in ana.recebidos if o["tipo"] == "robo")


# --- um por um ---------------------------------------------------------------------------------


@pytest.mark.parametrize("texto", ["/help", "/ajuda", "/AJUDA"])
def test_help(texto: str, cena: Cena) -> None:
    """Uma linha por comando, com o modo de usar."""
    _, (fala,) = mandar(cena.conectar("Ana"), texto)
    assert all(f"\n{c.uso} — {c.ajuda}" in fala for c in COMANDOS.values())


def test_usuarios_e_salas(cena: Cena) -> None:
    """`/usuarios` da sala, se se está nela; senão do servidor, só os presentes. `/list` com quantos e o cadeado."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Émile")
    cena.conectar("Zeca").cair()
    bia.exigir("criar", sala="cofre", senha="x")
    assert mandar(ana, "/usuarios", sala="aula")[1] == ["1 em #aula: Ana."]
    for campos in ({}, {"sala": "cofre"}):
        assert mandar(ana, "/usuarios", **campos)[1] == ["2 no servidor: Ana, Émile."]
    for texto in ("/list", "/salas"):
        (fala,) = mandar(ana, texto)[1]
        assert fala.split("\n") == ["3 salas:", "#aula (1)", "#cofre (1) — protegida", "#geral (0)"]


@pytest.mark.parametrize("nome", ["/join", "/entrar"])
def test_join(nome: str, cena: Cena) -> None:
    """Os campos do `ok` de `entrar`; com aspas, com senha, e a recusa."""
    ana = cena.conectar("Ana")
    ok, falas = mandar(ana, f"{nome} #aula")
    esperado = ana.exigir("entrar", sala="aula")
    assert ok.keys() == esperado.keys() - {"tipo", "id"} and (ok["sala"], ok["moderador"]) == ("aula", True)
    assert falas == []
    assert mandar(ana, f'{nome} "#sala de estudo"')[0]["sala"] == "sala de estudo"
    cena.conectar("Bia").exigir("criar", sala="meu cofre", senha="duas palavras")
    assert mandar(ana, f'{nome} "meu cofre"')[0] == {"codigo": "senha_exigida"}
    assert mandar(ana, f'{nome} "meu cofre" errada')[0] == {"codigo": "senha_incorreta"}
    assert mandar(ana, f'{nome} "meu cofre" duas palavras')[0]["total"] == 2


def test_sair(cena: Cena) -> None:
    """Com `sala`, deixa-a; sem, pergunta a quem está em alguma e desliga quem não está em nenhuma."""
    ana = cena.conectar("Ana", salas="aula geral")
    assert mandar(ana, "/sair", sala="aula")[0] == {}
    ok, (fala,) = mandar(ana, "/sair")
    assert ok == {} and "#geral" in fala and not ana.fechada
    assert mandar(ana, "/sair", sala="aula")[0] == {"codigo": "fora_da_sala"}
    mandar(ana, "/sair", sala="geral")
    ana.recebidos.clear()
    ana.mandar("comando", texto="/sair", id="x")
    assert ana.recebidos == [{"tipo": "ok", "id": "x", "comando": True}] and ana.fechada


def test_sair_de_uma_sala_que_acabou_de_fechar_nao_desliga(cena: Cena) -> None:
    """A pessoa queria deixar a sala, não o servidor."""
    ana = cena.conectar("Ana", salas="aula")
    cena.operar("/fechar aula")
    assert mandar(ana, "/sair", sala="aula")[0] == {"codigo": "fora_da_sala"}
    assert not ana.fechada


@pytest.mark.parametrize("texto", ["/encerrar", "/quit", "/EXIT", "sair", "SAIR", " sair "])
def test_encerrar(texto: str, cena: Cena) -> None:
    """O `ok` e o fim; o nome fica livre e os demais veem `saiu`."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    mandar(ana, texto, sala="aula")
    assert ana.fechada and bia.eventos("saiu")[0]["motivo"] == "saiu"
    cena.conectar("Ana")


def test_nome(cena: Cena) -> None:
    """Os campos do `ok` de `renomear`; nome com espaço, com aspas ou sem elas."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    assert mandar(ana, "/nome Ana Clara")[0] == {"nome": "Ana Clara", "registrado": False}
    assert mandar(ana, '/nome "Clara Ana"')[0]["nome"] == "Clara Ana"
    assert [e["para"] for e in bia.eventos("renomeado")] == ["Ana Clara", "Clara Ana"]


@pytest.mark.parametrize("comando", ["/privado", "/msg"])
@pytest.mark.parametrize(
    ("resto", "para", "texto"),
    [
        ("Bia oi", "Bia", "oi"),
        ("bIA  oi  tudo\nbem", "Bia", "oi  tudo\nbem"),
        ("Bia Maria oi", "Bia Maria", "oi"),
        ("Bia Maria da Silva oi", "Bia Maria", "da Silva oi"),
        ('"Bia" Maria oi', "Bia", "Maria oi"),
        ('"bia maria" oi', "Bia Maria", "oi"),
        ("Bia\noi", "Bia", "oi"),
        ("Ana oi", "Ana", "oi"),
    ],
)
def test_privado(comando: str, resto: str, para: str, texto: str, cena: Cena) -> None:
    """O nome conectado mais longo que casa, ou o que vem entre aspas; o texto chega como foi escrito."""
    pessoas = {nome: cena.conectar(nome) for nome in ("Ana", "Bia", "Bia Maria")}
    ok, falas = mandar(pessoas["Ana"], f"{comando} {resto}")
    assert ok.keys() == {"hora"} and falas == []
    (evento,) = pessoas[para].eventos("privada")
    assert (evento["de"], evento["para"], evento["texto"]) == ("Ana", para, texto)


def test_privado_a_quem_caiu(cena: Cena) -> None:
    """O nome mais longo é o dos conectados: quem caiu não conta."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    cena.conectar("Bia Maria").cair()
    mandar(ana, "/privado Bia Maria oi")
    assert bia.eventos("privada")[0]["texto"] == "Maria oi"


def test_historico(cena: Cena) -> None:
    """As últimas 10, ou as n pedidas, com data, hora e nome; só dentro de uma sala."""
    ana = cena.conectar("Ana", salas="aula")
    assert mandar(ana, "/historico", sala="aula")[1] == ["Ainda não há mensagens nesta sala."]
    for n in range(12):
        ana.exigir("mensagem", sala="aula", texto=f"fala {n}")
    (fala,) = mandar(ana, "/historico", sala="aula")[1]
    assert len(fala.split("\n")) == 10 and fala.endswith("Ana: fala 11") and fala[0] == "["
    assert mandar(ana, "/historico 2", sala="aula")[1][0].count("\n") == 1
    assert mandar(ana, "/historico")[0] == mandar(ana, "/historico", sala="geral")[0] == {"codigo": "fora_da_sala"}
    for n in range(10):
        ana.exigir("mensagem", sala="aula", texto="x" * 4000)
    assert len(mandar(ana, "/historico", sala="aula")[1][0]) < 13_000


def test_hora_ping_e_stats(cena: Cena) -> None:
    """`/stats` diz o total, o tempo no ar e quem mais fala."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    assert "UTC" in mandar(ana, "/hora")[1][0]
    assert mandar(ana, "/ping")[1] == ["pong"]
    assert "ninguém ainda" in mandar(ana, "/stats")[1][0]
    for pessoa in (ana, bia, bia):
        pessoa.exigir("mensagem", sala="aula", texto="oi")
    cena.passar(3661)
    fala = mandar(ana, "/stats")[1][0]
    assert "Mensagens desde o início: 3." in fala and "01:01:01" in fala and "Bia (2), Ana (1)" in fala


def test_registrar(cena: Cena) -> None:
    """A confirmação diz o nome e não a senha; daí em diante o nome pede a senha."""
    ana = cena.conectar("Ana")
    ok, (fala,) = mandar(ana, "/registrar minha senha longa")
    assert ok == {} and "Ana" in fala and "senha longa" not in fala
    ana.exigir("encerrar")
    outra = cena.ligar()
    outra.exigir("ola", versao=1)
    assert outra.recusado("identificar", nome="Ana") == "senha_exigida"
    assert outra.exigir("identificar", nome="Ana", senha="minha senha longa")["registrado"] is True
    assert mandar(outra, "/registrar outra senha")[0] == {"codigo": "senha_incorreta"}


def test_moderar(cena: Cena) -> None:
    """Os cinco, com confirmação a quem pediu e o efeito a todos; nome com espaço sem aspas."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia Maria", salas="aula")
    assert mandar(bia, "/expulsar Ana", sala="aula")[0] == {"codigo": "sem_permissao"}
    for texto, fala in {
        "/promover bia maria": "bia maria modera #aula.",
        '/rebaixar "Bia Maria"': "Bia Maria não modera mais #aula.",
        "/expulsar Bia Maria Fez barulho": "Bia Maria foi expulso de #aula.",
    }.items():
        assert mandar(ana, texto, sala="aula") == ({}, [fala])
    assert bia.eventos("removido")[0]["texto"] == "Fez barulho"
    bia.exigir("entrar", sala="aula")
    assert mandar(ana, '/banir "Bia Maria"', sala="aula")[1] == ["Bia Maria foi banido de #aula."]
    assert bia.eventos("removido") == [{"tipo": "removido", "sala": "aula", "motivo": "banido", "por": "Ana"}]
    assert mandar(bia, "/join aula")[0] == {"codigo": "banido"}
    assert mandar(ana, "/desbanir Bia Maria", sala="aula")[0] == {}
    bia.exigir("entrar", sala="aula")
    for comando in ("expulsar", "banir", "desbanir", "promover", "rebaixar"):
        assert mandar(ana, f"/{comando} Bia")[0] == {"codigo": "fora_da_sala"}, "sem sala não se modera"
