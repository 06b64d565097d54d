"""Salas protegidas: a senha conferida longe do núcleo, e o que acontece enquanto ela se confere (§5.7)."""

from __future__ import annotations

import pytest

from servidor.nucleo import senhas
from tests.servidor.nucleo.bastidores import CenaLenta, ids_respondidos
from tests.servidor.nucleo.palco import Cena, Pessoa


@pytest.fixture(autouse=True)
def scrypt_barato(monkeypatch: pytest.MonkeyPatch) -> None:
    """O custo do resumo fica guardado ao lado dele: um barato confere do mesmo modo."""
    monkeypatch.setattr(senhas, "_N", 16)


@pytest.fixture
def cena() -> Cena:
    """Uma sala `cofre` com a senha `abre-te`, criada por Ana."""
    cena = Cena()
    cena.conectar("Ana").exigir("criar", sala="cofre", senha="abre-te")
    return cena


@pytest.fixture
def lenta() -> CenaLenta:
    """O mesmo, com uma oficina que só trabalha quando se manda."""
    lenta = CenaLenta()
    lenta.conectar("Ana").mandar("criar", sala="cofre", senha="abre-te")
    lenta.trabalhar()
    return lenta


def errar(pessoa: Pessoa, vezes: int, sala: str = "cofre") -> None:
    """Erra a senha este número de vezes."""
    for _ in range(vezes):
        assert pessoa.recusado("entrar", sala=sala, senha="errada") == "senha_incorreta"


# --- a senha ------------------------------------------------------------------------------


def test_sem_senha_com_a_errada_e_com_a_certa(cena: Cena) -> None:
    """Cada uma com o seu código e o campo culpado; a lista mostra o cadeado e nunca a senha."""
    bia = cena.conectar("Bia")
    assert bia.pedir("entrar", sala="cofre")["campo"] == "senha"
    assert bia.recusado("entrar", sala="cofre") == "senha_exigida"
    assert bia.recusado("entrar", sala="cofre", senha="Abre-te") == "senha_incorreta"
    assert bia.exigir("entrar", sala="cofre", senha="abre-te")["moderador"] is False
    (cofre,) = [s for s in bia.exigir("salas")["salas"] if s["sala"] == "cofre"]
    assert cofre["protegida"] is True and "senha" not in cofre


def test_a_senha_de_sala_aberta_e_ignorada(cena: Cena) -> None:
    """Quem manda senha para uma sala que não pede nenhuma entra."""
    cena.conectar("Bia", salas="aula")
    assert cena.conectar("Caio").exigir("entrar", sala="aula", senha="qualquer")["total"] == 2


@pytest.mark.parametrize("senha", ["", "x" * 129, 5, True, "\ud800"])
def test_senha_de_sala_fora_dos_limites(cena: Cena, senha: object) -> None:
    """De 1 a 128 caracteres; a sala não é criada."""
    bia = cena.conectar("Bia")
    assert bia.recusado("criar", sala="outra", senha=senha) in ("senha_invalida", "mensagem_invalida")
    assert bia.recusado("entrar", sala="outra", criar=False) == "sala_inexistente"


def test_quem_ja_esta_e_quem_volta_com_a_ficha_dispensam_a_senha(cena: Cena) -> None:
    """Depois de uma queda e depois de um reinício; quem saiu ou foi expulso diz a senha outra vez."""
    bia = cena.conectar("Bia")
    bia.exigir("entrar", sala="cofre", senha="abre-te")
    assert bia.exigir("entrar", sala="cofre")["total"] == 2
    bia.cair()
    bia = cena.voltar(bia)
    assert bia.chegada["salas"] == ["cofre"]
    bia.exigir("entrar", sala="cofre", desde=0)
    cena.reiniciar()
    bia = cena.voltar(bia)
    bia.exigir("entrar", sala="cofre")
    bia.exigir("sair", sala="cofre")
    assert bia.recusado("entrar", sala="cofre") == "senha_exigida"


def test_a_senha_atravessa_um_reinicio_e_o_arquivo_so_tem_o_resumo(cena: Cena) -> None:
    """O que se guarda não é a senha."""
    assert "abre-te" not in repr(cena.arquivo.estado) and "scrypt$" in repr(cena.arquivo.estado)
    cena.reiniciar()
    bia = cena.conectar("Bia")
    assert bia.recusado("entrar", sala="cofre", senha="errada") == "senha_incorreta"
    bia.exigir("entrar", sala="cofre", senha="abre-te")


# --- cinco erros em 60 s --------------------------------------------------------------------


def test_cinco_erros_e_nem_a_certa_entra(cena: Cena) -> None:
    """Até passarem 60 s do primeiro erro; pedir de novo não estica a espera."""
    bia = cena.conectar("Bia")
    errar(bia, 4)
    cena.passar(10)
    errar(bia, 1)
    for _ in range(3):
        recusa = bia.pedir("entrar", sala="cofre", senha="abre-te")
        assert (recusa["codigo"], recusa["espere_ms"]) == ("muitas_tentativas", 50_000)
    cena.passar(49.9)
    assert bia.recusado("entrar", sala="cofre", senha="abre-te") == "muitas_tentativas"
    cena.passar(0.2)
    bia.exigir("entrar", sala="cofre", senha="abre-te")


def test_quatro_erros_e_a_certa_entra_sem_contar(cena: Cena) -> None:
    """Acertar não é erro, e não apaga os que houve."""
    bia = cena.conectar("Bia")
    errar(bia, 4)
    for _ in range(3):
        bia.exigir("entrar", sala="cofre", senha="abre-te")
        bia.exigir("sair", sala="cofre")
    errar(bia, 1)
    assert bia.recusado("entrar", sala="cofre", senha="abre-te") == "muitas_tentativas"


@pytest.mark.parametrize("como", ["cair", "assumir", "renomear", "encerrar", "maiuscula"])
def test_trocar_de_conexao_ou_de_nome_nao_zera(cena: Cena, como: str) -> None:
    """A conta é de quem erra, e não do fio nem do nome que usa."""
    bia = cena.conectar("Bia")
    errar(bia, 5)
    if como == "renomear":
        bia.exigir("renomear", nome="Outra")
    elif como == "assumir":
        bia = cena.voltar(bia)
    elif como == "cair":
        bia.cair()
        bia = cena.voltar(bia)
    else:
        bia.exigir("encerrar")
        bia = cena.conectar("Bia" if como == "encerrar" else "BIA")
    assert bia.recusado("entrar", sala="cofre", senha="abre-te") == "muitas_tentativas"


def test_a_conta_e_por_sala_e_por_usuario(cena: Cena) -> None:
    """Os erros de um não prendem outro, nem valem noutra sala, nem na que nascer com o mesmo nome."""
    bia, caio, davi = (cena.conectar(nome) for nome in ("Bia", "Caio", "Davi"))
    davi.exigir("criar", sala="outra", senha="abre-te")
    errar(bia, 5)
    caio.exigir("entrar", sala="cofre", senha="abre-te")
    bia.exigir("entrar", sala="outra", senha="abre-te")
    cena.operar("/fechar cofre")
    caio.exigir("criar", sala="cofre", senha="abre-te")
    bia.exigir("entrar", sala="cofre", senha="abre-te")


def test_muitas_ao_mesmo_tempo_nao_escapam_da_conta(lenta: CenaLenta) -> None:
    """A tentativa conta antes de ser conferida: a sexta, ainda com cinco por conferir, é recusada."""
    bia = lenta.conectar("Bia")
    for id in range(6):
        bia.mandar("entrar", sala="cofre", senha="errada", id=f"t{id}")
    for _ in range(5):
        lenta.trabalhar()
    assert not lenta.oficina.por_fazer, "a sexta nem chega à oficina"
    assert [bia.resposta(f"t{id}")["codigo"] for id in range(6)] == ["senha_incorreta"] * 5 + ["muitas_tentativas"]


# --- enquanto a senha se confere ---------------------------------------------------------------


def test_os_pedidos_seguintes_esperam_a_vez(lenta: CenaLenta) -> None:
    """Respondidos na ordem, e cada um já com o efeito do anterior."""
    bia = lenta.conectar("Bia")
    bia.mandar("entrar", sala="cofre", senha="abre-te", id="entrar")
    bia.mandar("mensagem", sala="cofre", texto="oi", id="falar")
    bia.mandar("sair", sala="cofre", id="sair")
    bia.mandar("ping", id="ping")
    assert ids_respondidos(bia) == []
    lenta.trabalhar()
    assert ids_respondidos(bia) == ["entrar", "falar", "sair", "ping"]
    assert bia.resposta("falar")["seq"] == 1


def test_os_outros_nao_esperam(lenta: CenaLenta) -> None:
    """Só quem mandou a senha espera por ela."""
    bia, caio = lenta.conectar("Bia"), lenta.conectar("Caio", salas="geral")
    bia.mandar("entrar", sala="cofre", senha="abre-te")
    caio.exigir("mensagem", sala="geral", texto="oi")


@pytest.mark.parametrize("como", ["cai", "assumida", "expulsa"])
def test_a_conexao_acaba_no_meio(lenta: CenaLenta, como: str) -> None:
    """O resultado é deixado para trás: ninguém entra por quem já se foi."""
    bia = lenta.conectar("Bia")
    bia.mandar("entrar", sala="cofre", senha="abre-te")
    if como == "cai":
        bia.cair()
    elif como == "assumida":
        lenta.voltar(bia)
    else:
        lenta.operar("/expulsar Bia")
    lenta.trabalhar()
    assert [u.nome for u in lenta.central.salas.com_nome("cofre").membros] == ["Ana"]


def test_banida_no_meio_nao_entra(lenta: CenaLenta) -> None:
    """O direito é conferido de novo quando a senha volta."""
    ana, bia = next(iter(lenta.pessoas.values())), lenta.conectar("Bia")
    bia.mandar("entrar", sala="cofre", senha="abre-te", id="x")
    ana.exigir("banir", sala="cofre", nome="Bia")
    lenta.trabalhar()
    assert bia.resposta("x")["codigo"] == "banido"


def test_a_sala_some_no_meio(lenta: CenaLenta) -> None:
    """Com `criar:false`, não existe; sem ele, o pedido a cria, com a senha que trouxe."""
    bia, caio = lenta.conectar("Bia"), lenta.conectar("Caio")
    bia.mandar("entrar", sala="cofre", senha="abre-te", criar=False, id="x")
    caio.mandar("entrar", sala="cofre", senha="abre-te", id="x")
    lenta.operar("/fechar cofre")
    lenta.trabalhar()
    assert bia.resposta("x")["codigo"] == "sala_inexistente"
    lenta.trabalhar()
    lenta.trabalhar()
    assert caio.resposta("x")["moderador"] is True
    assert lenta.conectar("Davi").recusado("entrar", sala="cofre") == "senha_exigida"


def test_outra_sala_com_o_mesmo_nome_no_meio(lenta: CenaLenta) -> None:
    """A senha da antiga não abre a nova."""
    bia, caio = lenta.conectar("Bia"), lenta.conectar("Caio")
    bia.mandar("entrar", sala="cofre", senha="abre-te", id="x")
    lenta.operar("/fechar cofre")
    caio.mandar("criar", sala="cofre", senha="outra", id="y")
    lenta.oficina.por_fazer.rotate(-1)
    lenta.trabalhar()
    assert caio.resposta("y")["tipo"] == "ok"
    lenta.trabalhar()
    lenta.trabalhar()
    assert bia.resposta("x")["codigo"] == "senha_incorreta"


@pytest.mark.parametrize(("tipo", "codigo"), [("criar", "sala_existe"), ("entrar", "senha_incorreta")])
def test_alguem_cria_primeiro(lenta: CenaLenta, tipo: str, codigo: str) -> None:
    """Enquanto a senha da sala nova se resumia, outro a criou: vale a dele."""
    bia, caio = lenta.conectar("Bia"), lenta.conectar("Caio")
    bia.mandar(tipo, sala="nova", senha="minha", id="x")
    caio.mandar("criar", sala="nova", senha="dele", id="y")
    lenta.oficina.por_fazer.rotate(-1)
    while lenta.oficina.por_fazer:
        lenta.trabalhar()
    assert caio.resposta("y")["tipo"] == "ok"
    assert bia.resposta("x")["codigo"] == codigo


def test_a_oficina_falha(lenta: CenaLenta) -> None:
    """Quem pediu recebe `interno`, e a conexão continua."""
    bia = lenta.conectar("Bia")
    bia.mandar("entrar", sala="cofre", senha="abre-te", id="x")
    lenta.trabalhar(resultado=None)
    assert bia.resposta("x")["codigo"] == "interno"
    bia.exigir("ping")


def test_o_prazo_que_vence_durante_a_senha(lenta: CenaLenta) -> None:
    """Não para o núcleo nem corta quem espera por ele; depois da resposta, o silêncio volta a contar."""
    lenta.conectar("Bia").mandar("registrar", senha="segredo-da-bia")
    lenta.trabalhar()
    lenta.reiniciar()
    lenta.passar(61)
    bia = lenta.ligar()
    bia.exigir("ola", versao=1)
    lenta.passar(299.99)
    bia.mandar("identificar", nome="Bia", senha="segredo-da-bia", id="x")
    lenta.passar(5)
    assert not bia.fechada
    lenta.trabalhar()
    assert bia.resposta("x")["tipo"] == "ok"


def test_o_silencio_que_vence_durante_a_senha() -> None:
    """Com um limite de silêncio menor que a conta da senha, quem espera não é cortado; quem se cala depois é."""
    lenta = CenaLenta(inatividade_s=0.5)
    ana = lenta.conectar("Ana")
    ana.mandar("criar", sala="cofre", senha="abre-te", id="x")
    lenta.passar(2)
    assert not ana.fechada
    lenta.trabalhar()
    assert ana.resposta("x")["tipo"] == "ok"
    lenta.passar(0.6)
    assert ana.fechada and ana.eventos("desconectado")[0]["motivo"] == "tempo_esgotado"
