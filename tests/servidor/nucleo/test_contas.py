"""Contas: o nome preso a uma senha, quantas vezes se pode errar, e por onde uma senha não passa (§§4.2, 4.4 e 5.7)."""

from __future__ import annotations

import pytest

from servidor.nucleo import senhas
from tests.servidor.nucleo.bastidores import CenaLenta, ids_respondidos, ligar_de
from tests.servidor.nucleo.palco import Cena, Objeto, Pessoa

_SENHA = "correto cavalo"


@pytest.fixture(autouse=True)
def scrypt_barato(monkeypatch: pytest.MonkeyPatch) -> None:
    """O custo do resumo fica guardado ao lado dele: um barato confere do mesmo modo."""
    monkeypatch.setattr(senhas, "_N", 16)


@pytest.fixture
def cena() -> Cena:
    """Ana registrou o nome e saiu."""
    cena = Cena()
    ana = cena.conectar("Ana")
    ana.exigir("registrar", senha=_SENHA)
    ana.exigir("encerrar")
    return cena


def chegar(cena: Cena, nome: str, host: str = "127.0.0.1", **campos: str) -> tuple[Pessoa, Objeto]:
    """Alguém que chega deste endereço e se identifica como puder."""
    pessoa = ligar_de(cena, host)
    resposta = pessoa.pedir("identificar", nome=nome, **campos)
    pessoa.nome, pessoa.ficha = nome, resposta.get("sessao")
    return pessoa, resposta


def codigo(cena: Cena, nome: str, host: str = "127.0.0.1", **campos: str) -> str:
    """O que se responde a quem chega assim; quem entra vai embora."""
    pessoa, resposta = chegar(cena, nome, host, **campos)
    if resposta["tipo"] == "ok":
        pessoa.exigir("encerrar")
    return resposta.get("codigo", "ok")


# --- o resumo guardado --------------------------------------------------------------------


def test_o_resumo_e_scrypt_com_sal_e_parametros(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dois resumos da mesma senha não se parecem, e um resumo antigo confere mesmo que o custo mude."""
    um, outro = senhas.resumir_senha("s"), senhas.resumir_senha("s")
    assert um != outro and um.startswith("scrypt$16$8$1$")
    monkeypatch.setattr(senhas, "_N", 32)
    assert senhas.confere_senha("s", um) and not senhas.confere_senha("S", um)


def test_o_custo_de_verdade(monkeypatch: pytest.MonkeyPatch) -> None:
    """n=2^14, r=8, p=1: 16 MiB e dezenas de milissegundos por senha."""
    monkeypatch.undo()
    assert senhas.resumir_senha("s").startswith("scrypt$16384$8$1$")


# --- registrar e entrar --------------------------------------------------------------------


def test_registrar_prende_o_nome(cena: Cena) -> None:
    """Sem senha, com a errada e com a certa; em qualquer caixa; a mesma conexão pode tentar de novo."""
    intruso = ligar_de(cena, "127.0.0.1")
    assert intruso.pedir("identificar", nome="ana")["campo"] == "senha"
    assert intruso.recusado("identificar", nome="ANA") == "senha_exigida"
    assert intruso.recusado("identificar", nome="Ana", senha="incorreto") == "senha_incorreta"
    assert intruso.exigir("identificar", nome="aNa", senha=_SENHA)["registrado"] is True
    assert codigo(cena, "Bia", senha="qualquer uma") == "ok", "quem não é registrado não tem senha a conferir"


@pytest.mark.parametrize("senha", ["", "1234567", "x" * 129, None, 12345678])
def test_senha_fora_dos_limites(cena: Cena, senha: object) -> None:
    """De 8 a 128 caracteres; o nome continua livre."""
    bia = cena.conectar("Bia")
    assert bia.recusado("registrar", senha=senha) in ("senha_invalida", "mensagem_invalida")
    assert cena.conectar("Caio").exigir("renomear", nome="Outro")["registrado"] is False
    bia.exigir("encerrar")
    assert codigo(cena, "Bia") == "ok"


def test_registrado_aparece_em_todo_lugar(cena: Cena) -> None:
    """Em `identificar`, `usuarios` e `renomear`; a conta fica com o nome antigo e volta com ele."""
    ana, resposta = chegar(cena, "Ana", senha=_SENHA)
    assert resposta["registrado"] is True
    olho = cena.conectar("Olho")

    def visto() -> dict[str, bool]:
        return {u["nome"]: u["registrado"] for u in olho.exigir("usuarios")["usuarios"]}

    assert visto() == {"Ana": True, "Olho": False}
    assert ana.exigir("renomear", nome="Aninha")["registrado"] is False
    assert visto() == {"Aninha": False, "Olho": False}
    assert olho.recusado("renomear", nome="ANA") == "nome_em_uso"
    assert codigo(cena, "Ana") == "senha_exigida"
    assert ana.exigir("renomear", nome="ANA")["registrado"] is True
    olho.exigir("registrar", senha="outra senha")
    assert visto() == {"ANA": True, "Olho": True}


def test_quem_registrou_dois_nomes_usa_os_dois(cena: Cena) -> None:
    """A sessão lembra as contas cuja senha mostrou, também depois de um reinício."""
    ana, _ = chegar(cena, "Ana", senha=_SENHA)
    ana.exigir("renomear", nome="Anita")
    ana.exigir("registrar", senha="outra senha")
    cena.reiniciar()
    ana = cena.conectar("Anita", ana.ficha)
    assert ana.chegada["registrado"] is True
    assert ana.exigir("renomear", nome="Ana")["registrado"] is True
    assert ana.exigir("renomear", nome="Anita")["registrado"] is True


def test_a_ficha_dispensa_a_senha_e_o_nome_em_uso_vem_antes_dela(cena: Cena) -> None:
    """Quem caiu volta com a ficha; outro, mesmo com a senha certa, espera que o nome fique livre."""
    ana, _ = chegar(cena, "Ana", senha=_SENHA)
    assert codigo(cena, "Ana", senha=_SENHA) == "nome_em_uso"
    ana.cair()
    assert codigo(cena, "Ana", senha=_SENHA) == "nome_em_uso"
    assert codigo(cena, "Ana", sessao="ficha-falsa", senha=_SENHA) == "nome_em_uso"
    ana = cena.voltar(ana)
    assert ana.chegada["registrado"] is True
    ana.cair()
    cena.passar(61)
    assert codigo(cena, "Ana", sessao=ana.ficha) == "senha_exigida", "a ficha venceu"
    assert codigo(cena, "Ana", sessao=ana.ficha, senha=_SENHA) == "ok"


def test_trocar_a_senha(cena: Cena) -> None:
    """Só com a atual certa; a antiga deixa de valer, a nova atravessa um reinício."""
    ana, _ = chegar(cena, "Ana", senha=_SENHA)
    for campos in ({}, {"senha_atual": "errada"}, {"senha_atual": ""}):
        recusa = ana.pedir("registrar", senha="nova senha", **campos)
        assert (recusa["codigo"], recusa["campo"]) == ("senha_incorreta", "senha_atual")
    assert ana.exigir("registrar", senha="nova senha", senha_atual=_SENHA)
    ana.exigir("encerrar")
    assert codigo(cena, "Ana", senha=_SENHA) == "senha_incorreta"
    cena.reiniciar()
    assert codigo(cena, "Ana", senha="nova senha") == "ok"


# --- cinco erros por conta e endereço ------------------------------------------------------------


def test_cinco_erros_por_conta_e_endereco(cena: Cena) -> None:
    """A sexta é recusada mesmo certa; outra conta e outro endereço não pagam por isso."""
    bia = cena.conectar("Bia")
    bia.exigir("registrar", senha="senha da bia")
    bia.exigir("encerrar")
    for nome in ("Ana", "ana", "ANA", "Ana", "aNA"):
        assert codigo(cena, nome, senha="errada") == "senha_incorreta"
    _, recusa = chegar(cena, "Ana", senha=_SENHA)
    assert (recusa["codigo"], recusa["espere_ms"]) == ("muitas_tentativas", 60_000)
    assert codigo(cena, "Bia", senha="senha da bia") == "ok"
    outra = ligar_de(cena, "10.0.0.9", cifrada=True)
    assert outra.exigir("identificar", nome="Ana", senha=_SENHA)["registrado"] is True
    outra.exigir("encerrar")
    cena.passar(60.1)
    assert codigo(cena, "Ana", senha=_SENHA) == "ok"


def test_trocar_a_senha_conta_na_mesma_conta(cena: Cena) -> None:
    """Quem senta no computador de outro não adivinha a senha por ali."""
    ana, _ = chegar(cena, "Ana", senha=_SENHA)
    for _ in range(5):
        assert ana.recusado("registrar", senha="nova senha", senha_atual="errada") == "senha_incorreta"
    assert ana.recusado("registrar", senha="nova senha", senha_atual=_SENHA) == "muitas_tentativas"


def test_pedir_sem_senha_nao_e_tentativa(cena: Cena) -> None:
    """A tela pergunta o nome antes da senha."""
    for _ in range(9):
        assert codigo(cena, "Ana") == "senha_exigida"
    assert codigo(cena, "Ana", senha=_SENHA) == "ok"


# --- senhas só por onde ninguém ouve ---------------------------------------------------------------


@pytest.mark.parametrize("host", ["10.0.0.7", "192.168.1.20", "fe80::1%eth0", "2001:db8::7", "::ffff:10.0.0.7"])
def test_de_outra_maquina_em_claro_nao_se_fala_senha(cena: Cena, host: str) -> None:
    """Nem para entrar, nem para registrar, nem pelo Robô; sem senha, entra-se."""
    assert codigo(cena, "Ana", host, senha=_SENHA) == "exige_tls"
    caio = ligar_de(cena, host)
    caio.exigir("identificar", nome="Caio")
    assert caio.recusado("registrar", senha=_SENHA) == "exige_tls"
    assert caio.exigir("comando", texto=f"/registrar {_SENHA}")["codigo"] == "exige_tls"
    caio.exigir("encerrar")
    assert codigo(cena, "Caio") == "ok", "nada foi registrado"
    assert codigo(cena, "Ana", senha=_SENHA) == "ok"


def test_exige_tls_nao_conta_como_erro(cena: Cena) -> None:
    """E a mesma máquina, cifrada, entra."""
    for _ in range(7):
        assert codigo(cena, "Ana", "10.0.0.7", senha=_SENHA) == "exige_tls"
    cifrado = ligar_de(cena, "10.0.0.7", cifrada=True)
    cifrado.exigir("identificar", nome="Ana", senha=_SENHA)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_da_propria_maquina_pode(cena: Cena, host: str) -> None:
    """Em claro e em qualquer das formas do endereço."""
    assert codigo(cena, "Ana", host, senha=_SENHA) == "ok"


# --- enquanto a senha se confere ------------------------------------------------------------------


@pytest.fixture
def lenta() -> CenaLenta:
    """Ana registrou o nome e saiu; a oficina só trabalha quando se manda."""
    lenta = CenaLenta()
    ana = lenta.conectar("Ana")
    ana.mandar("registrar", senha=_SENHA)
    lenta.trabalhar()
    ana.exigir("encerrar")
    return lenta


def test_pedidos_atras_do_identificar_esperam(lenta: CenaLenta) -> None:
    """E são tratados já como quem se identificou."""
    ana = ligar_de(lenta, "127.0.0.1")
    ana.mandar("identificar", nome="Ana", senha=_SENHA, id="i")
    ana.mandar("entrar", sala="geral", id="e")
    ana.mandar("mensagem", sala="geral", texto="oi", id="m")
    assert ids_respondidos(ana) == []
    lenta.trabalhar()
    assert ids_respondidos(ana) == ["i", "e", "m"]


def test_dois_ao_mesmo_tempo_com_a_senha_certa(lenta: CenaLenta) -> None:
    """Um entra, o outro encontra o nome em uso; ninguém entra duas vezes."""
    um, outro = ligar_de(lenta, "127.0.0.1"), ligar_de(lenta, "127.0.0.1")
    for pessoa in (um, outro):
        pessoa.mandar("identificar", nome="Ana", senha=_SENHA, id="i")
    lenta.trabalhar()
    lenta.trabalhar()
    assert um.resposta("i")["tipo"] == "ok" and outro.resposta("i")["codigo"] == "nome_em_uso"
    assert lenta.central.usuarios.conectados == 1


@pytest.mark.parametrize(("ordem", "codigo"), [("/banir Ana", "banido"), ("/trancar", "servidor_cheio")])
def test_quem_opera_decide_no_meio(lenta: CenaLenta, ordem: str, codigo: str) -> None:
    """A senha certa não passa por cima do que foi decidido enquanto se conferia."""
    ana = ligar_de(lenta, "127.0.0.1")
    ana.mandar("identificar", nome="Ana", senha=_SENHA, id="i")
    lenta.operar(ordem)
    lenta.trabalhar()
    assert ana.resposta("i")["codigo"] == codigo


def test_cai_no_meio(lenta: CenaLenta) -> None:
    """O nome não fica preso a uma conexão que já não há."""
    ana = ligar_de(lenta, "127.0.0.1")
    ana.mandar("identificar", nome="Ana", senha=_SENHA)
    ana.cair()
    lenta.trabalhar()
    assert lenta.central.usuarios.conectados == 0 and lenta.central.usuarios.com_nome("Ana") is None


def test_assumida_enquanto_registrava(lenta: CenaLenta) -> None:
    """A senha que não chegou a ser confirmada não passa a valer."""
    bia = lenta.conectar("Bia")
    bia.mandar("registrar", senha="nunca confirmada", id="r")
    bia = lenta.voltar(bia)
    lenta.trabalhar()
    bia.exigir("encerrar")
    assert lenta.conectar("Bia").chegada["registrado"] is False
