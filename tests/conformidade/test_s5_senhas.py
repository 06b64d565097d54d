"""§§4.4 e 5.7: contas e salas com senha."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformidade.linha import Linha, Processo, quadro

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]
Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]


def test_registrar_e_entrar_com_senha(discar: Discar, abrir: Abrir) -> None:
    """O nome passa a exigir a senha, através de reinícios; trocar a senha pede a atual."""
    processo = abrir()
    ana = discar(processo, "Ana")
    for curta in ("1234567", "x" * 129):
        assert ana.erro("senha_invalida", "registrar", senha=curta)["campo"] == "senha"
    assert ana.ok("registrar", senha="senha da ana") == {"tipo": "ok", "id": 5}
    assert ana.erro("senha_incorreta", "registrar", senha="outra senha", senha_atual="errada")["campo"] == "senha_atual"
    ana.erro("senha_incorreta", "registrar", senha="outra senha")
    ana.ok("registrar", senha="senha nova", senha_atual="senha da ana")
    assert ana.ok("renomear", nome="Ana B") == {"tipo": "ok", "id": 9, "nome": "Ana B", "registrado": False}
    outro = discar(processo, "Outro")
    outro.erro("nome_em_uso", "renomear", nome="ANA")
    assert ana.ok("renomear", nome="ana")["registrado"] is True
    ana.ok("encerrar")
    outro.fechar()
    processo.matar()
    processo.reabrir()
    volta = discar(processo)
    volta.ok("ola", versao=1)
    assert volta.erro("senha_exigida", "identificar", nome="ANA")["campo"] == "senha"
    assert volta.erro("senha_incorreta", "identificar", nome="ana", senha="senha da ana")["campo"] == "senha"
    resposta = volta.ok("identificar", nome="Ana", senha="senha nova")
    assert resposta["registrado"] is True
    assert volta.ok("usuarios")["usuarios"] == [{"nome": "Ana", "registrado": True}]
    volta.largar()
    de_novo = discar(processo)
    assert de_novo.apresentar("Ana", resposta["sessao"])["registrado"] is True, "a ficha dispensa a senha"


def test_senhas_erradas_demais(discar: Discar, abrir: Abrir) -> None:
    """Cinco por conta e endereço; trocar de conexão não adianta, a certa também não; as outras contas seguem."""
    processo = abrir()
    for nome in ("Ana", "Bob"):
        linha = discar(processo, nome)
        linha.ok("registrar", senha="a senha certa")
        linha.ok("encerrar")
    for _ in range(5):
        linha = discar(processo)
        linha.ok("ola", versao=1)
        linha.erro("senha_incorreta", "identificar", nome="Ana", senha="errada")
    espere_ms = linha.erro("muitas_tentativas", "identificar", nome="Ana", senha="a senha certa")["espere_ms"]
    assert 0 < espere_ms <= 60_000
    linha.ok("identificar", nome="Bob", senha="a senha certa")


def test_sala_com_senha(ligar: Ligar, novo: Novo) -> None:
    """Criada por `criar` ou por `entrar`; aparece protegida; quem está dentro não precisa dela."""
    ana, bob = ligar("ana"), ligar("bob")
    for tipo in ("criar", "entrar"):
        sala = novo("s")
        ana.ok(tipo, sala=sala, senha="abre-te")
        assert {s["sala"]: s["protegida"] for s in bob.ok("salas")["salas"]}[sala] is True
        assert bob.erro("senha_exigida", "entrar", sala=sala)["campo"] == "senha"
        assert bob.erro("senha_incorreta", "entrar", sala=sala, senha="Abre-te")["campo"] == "senha"
        bob.erro("fora_da_sala", "historico", sala=sala)
        assert bob.ok("entrar", sala=sala, senha="abre-te")["total"] == 2
        bob.ok("entrar", sala=sala)
        ana.ok("sair", sala=sala)
        ana.erro("senha_exigida", "entrar", sala=sala)


def test_quem_volta_de_uma_queda_nao_precisa_da_senha(discar: Discar, abrir: Abrir) -> None:
    """O lugar que espera é a prova; também depois de kill -9."""
    processo = abrir()
    ana, bob = discar(processo, "Ana"), discar(processo, "Bob")
    ana.ok("criar", sala="x", senha="segredíssimo")
    bob.ok("entrar", sala="x", senha="segredíssimo")
    processo.matar()
    assert b"segred" not in b"".join(arquivo.read_bytes() for arquivo in processo.dados.rglob("*") if arquivo.is_file())
    processo.reabrir()
    volta = discar(processo)
    assert volta.apresentar("Bob", bob.ficha)["salas"] == ["x"]
    assert volta.ok("entrar", sala="x")["moderador"] is False
    discar(processo, "Caio").erro("senha_exigida", "entrar", sala="x")
    assert "segred" not in processo.dito()


def test_erros_demais_numa_sala(ligar: Ligar, novo: Novo) -> None:
    """Cinco por pessoa e sala, mesmo mandados de uma vez; nem voltar noutra conexão nem trocar de nome zera."""
    dona, ana, bob, sala = ligar("dona"), ligar("ana"), ligar("bob"), novo("s")
    dona.ok("criar", sala=sala, senha="abre-te")
    ana.cru(b"".join(quadro({"tipo": "entrar", "sala": sala, "senha": f"e{n}", "id": f"i{n}"}) for n in range(8)))
    codigos = [ana.resposta(f"i{n}")["codigo"] for n in range(8)]
    assert codigos == ["senha_incorreta"] * 5 + ["muitas_tentativas"] * 3
    assert 0 < ana.erro("muitas_tentativas", "entrar", sala=sala, senha="abre-te")["espere_ms"] <= 60_000
    recente = ana.ok("renomear", nome=novo("outra"))["nome"]
    ana.erro("muitas_tentativas", "entrar", sala=sala, senha="abre-te")
    volta = ligar()
    volta.apresentar(recente, ana.ficha)
    volta.erro("muitas_tentativas", "entrar", sala=sala, senha="abre-te")
    bob.ok("entrar", sala=sala, senha="abre-te")


def test_as_respostas_continuam_em_ordem(ligar: Ligar, novo: Novo) -> None:
    """Os pedidos que vêm atrás de uma senha esperam por ela; os de outras conexões, não."""
    dona, ana, bob, sala = ligar("dona"), ligar("ana"), ligar("bob"), novo("s")
    dona.ok("criar", sala=sala, senha="abre-te")
    ana.cru(
        quadro({"tipo": "entrar", "sala": sala, "senha": "abre-te", "id": "a"})
        + quadro({"tipo": "mensagem", "sala": sala, "texto": "logo atrás", "id": "b"})
        + quadro({"tipo": "ping", "id": "c"})
    )
    bob.ok("ping")
    assert [ana.ler().get("id") for _ in range(4)] == ["a", "b", None, "c"]
