"""O menu de quem se é: registrar o nome, trocar a senha, mudar de nome, deixar o servidor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cliente.sessao import Estado
from cliente.sessao.mudancas import ContaRegistrada, EstadoMudou, Mudanca, NomeMudou, NomeRecusado, RegistroRecusado
from cliente.telas.contagem import Contagem
from cliente.telas.formulario import Formulario
from interface.componentes import SEPARADOR, ItemDeMenu
from protocolo.erros import Codigo
from protocolo.limites import SENHA_DE_CONTA_MIN, SENHA_MAX

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

_SEM_LINHA = "Sem conexão com o servidor. Espere ela voltar e tente de novo."
_TAMANHO = f"De {SENHA_DE_CONTA_MIN} a {SENHA_MAX} caracteres."
_FRASES: dict[str, str] = {
    Codigo.SENHA_INCORRETA: "Senha incorreta. Confira as maiúsculas e tente outra vez.",
    Codigo.NOME_EM_USO: "Esse nome já está em uso, ou é da conta de outra pessoa.",
    Codigo.EXIGE_TLS: "Uma senha só viaja cifrada. Ligue a conexão protegida (TLS) em Conectar e entre de novo.",
}


class Conta:
    """Um formulário de cada vez; o que se digitou fica até o servidor aceitar, ou até se desistir."""

    def __init__(self, janela: JanelaDoCliente) -> None:
        self._janela, self._sessao = janela, janela.sessao
        self.formulario: Formulario | None = None
        self._contagem: Contagem | None = None
        self._espera_resposta = False
        self._tratadores: dict[type, Callable[[Any], None]] = {
            ContaRegistrada: self._ao_registrar, RegistroRecusado: self._ao_recusar,
            NomeMudou: self._ao_mudar_de_nome, NomeRecusado: self._ao_recusar,
            EstadoMudou: lambda _: self._esperar(False),
        }

    def listar_itens(self) -> list[ItemDeMenu]:
        """O que se pode fazer consigo mesmo; sem conexão, só trocar de servidor ou sair."""
        tem_linha = self._sessao.estado is Estado.IDENTIFICADA
        da_conta = (ItemDeMenu("Trocar a senha…", self.perguntar_troca, "cadeado", esta_habilitado=tem_linha)
                    if self._sessao.registrado else
                    ItemDeMenu("Registrar este nome…", self.perguntar_registro, "cadeado", esta_habilitado=tem_linha))
        return [
            ItemDeMenu("Mudar de nome…", self.perguntar_nome, "lapis", esta_habilitado=tem_linha), da_conta, SEPARADOR,
            ItemDeMenu("Trocar de servidor", self._janela.voltar_a_conectar, "servidor"),
            ItemDeMenu("Fechar o programa", self._janela.ao_fechar, "porta"),
        ]

    # ------------------------------------------------------------------ perguntas

    def perguntar_nome(self) -> None:
        """O nome novo, com o de agora já escrito e selecionado."""
        self._abrir("Mudar de nome", "As suas salas e conversas continuam; quem está nelas vê a troca.",
                    [("nome", "Nome novo", False)], self._ao_confirmar_nome, "Mudar")
        if self.formulario is not None:
            self.formulario.campos["nome"].texto = self._sessao.nome or ""
            self.formulario.campos["nome"].entrada.selection_range(0, "end")

    def perguntar_registro(self) -> None:
        """A senha, duas vezes."""
        self._abrir("Registrar este nome",
                    f"O nome {self._sessao.nome} passa a pedir esta senha em todo computador. {_TAMANHO}",
                    [("senha", "Senha", True), ("repetida", "A senha outra vez", True)], self._ao_confirmar_senha,
                    "Registrar")

    def perguntar_troca(self) -> None:
        """A senha de agora e a nova, duas vezes."""
        self._abrir("Trocar a senha", f"Da conta {self._sessao.nome}. {_TAMANHO}",
                    [("senha_atual", "Senha de agora", True), ("senha", "Senha nova", True),
                     ("repetida", "A senha nova outra vez", True)], self._ao_confirmar_senha, "Trocar")

    def receber(self, mudanca: Mudanca) -> None:
        """O que o servidor respondeu; sem formulário aberto, foi um comando, e o Robô já o contou."""
        tratador = self._tratadores.get(type(mudanca))
        if tratador is not None and self._aberto is not None:
            tratador(mudanca)

    @property
    def _aberto(self) -> Formulario | None:
        esta_aberto = self.formulario is not None and self.formulario.winfo_exists()
        return self.formulario if esta_aberto else None

    def _abrir(self, titulo: str, texto: str, perguntas: list[tuple[str, str, bool]],
               ao_confirmar: Callable[[dict[str, str]], object], sim: str) -> None:
        self._espera_resposta, self._contagem = False, None
        self.formulario = Formulario(self._janela, titulo, texto, perguntas, ao_confirmar, sim)

    # ------------------------------------------------------------------ o que se digitou

    def _ao_confirmar_nome(self, valores: dict[str, str]) -> None:
        nome = valores["nome"].strip()
        if not nome:
            self._mostrar_erro("nome", "Escreva um nome para os outros verem.")
        elif self._pode_pedir("nome"):
            self._sessao.renomear(nome)

    def _ao_confirmar_senha(self, valores: dict[str, str]) -> None:
        senha, atual = valores["senha"], valores.get("senha_atual")
        if atual == "":
            self._mostrar_erro("senha_atual", "Escreva a senha de agora.")
        elif not SENHA_DE_CONTA_MIN <= len(senha) <= SENHA_MAX:
            self._mostrar_erro("senha", f"A senha tem de ter {_TAMANHO[0].lower()}{_TAMANHO[1:]}")
        elif senha != valores["repetida"]:
            self._mostrar_erro("repetida", "As duas senhas não são iguais.")
        elif self._pode_pedir("senha"):
            self._sessao.registrar(senha, atual)

    def _pode_pedir(self, campo: str) -> bool:
        """Um pedido de cada vez, com conexão, e não enquanto o servidor manda esperar."""
        if self._espera_resposta or (self._contagem is not None and self._contagem.esta_contando):
            return False
        if self._sessao.estado is not Estado.IDENTIFICADA:
            self._mostrar_erro(campo, _SEM_LINHA)
            return False
        self._esperar(True)
        return True

    # ------------------------------------------------------------------ o que o servidor disse

    def _ao_registrar(self, mudanca: ContaRegistrada) -> None:
        self._fechar()
        titulo = "Senha trocada" if mudanca.trocou_a_senha else "Nome registrado"
        self._janela.avisar(titulo, f"{mudanca.nome} só entra com a senha.", "ok")

    def _ao_mudar_de_nome(self, mudanca: NomeMudou) -> None:
        self._fechar()
        self._janela.memoria.lembrar_nome(mudanca.nome)
        self._janela.avisar("Nome mudado", f"Agora você é {mudanca.nome}.", "ok")

    def _ao_recusar(self, recusa: RegistroRecusado | NomeRecusado) -> None:
        self._esperar(False)
        frase = _FRASES.get(recusa.codigo, recusa.frase)
        formulario = self._aberto
        campo = formulario.campos.get(recusa.campo or "") if formulario is not None else None
        if recusa.codigo == Codigo.MUITAS_TENTATIVAS and recusa.espere_ms and campo is not None:
            self._contagem = Contagem(self._janela, campo)
            self._contagem.comecar("Foram senhas erradas demais.", recusa.espere_ms)
        else:
            self._mostrar_erro(recusa.campo, frase)

    def _fechar(self) -> None:
        self._esperar(False)
        if self._contagem is not None:
            self._contagem.parar()
        if self._aberto is not None:
            self._aberto.sair()

    def _mostrar_erro(self, campo: str | None, frase: str) -> None:
        if self._aberto is not None:
            self._aberto.mostrar_erro(campo, frase)

    def _esperar(self, sim: bool) -> None:
        """Entre o pedido e a resposta o botão não se repete."""
        self._espera_resposta = sim
        if self._aberto is not None:
            self._aberto.botao.habilitar(not sim)
