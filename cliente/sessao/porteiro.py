"""Entrar, sair e voltar às salas, e buscar as mensagens que faltam. Da thread dona da sessão."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cliente.sessao import mudancas as m
from cliente.sessao.conversa import Conversa
from cliente.sessao.modelo import Modelo
from cliente.sessao.pedidos import CONEXAO_CAIU, Pedidos, Recusa, recusa_nossa
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import HISTORICO_MAX
from protocolo.textos import chave, limpar_sala

ANTIGAS_POR_PAGINA = 100
_FRASE_SEM_LINHA = "Sem conexão com o servidor. Reconecte e tente de novo."
_FRASE_DE_OUTRA_SALA = "O servidor respondeu por outra sala."
_FRASE_DE_SALA_REFEITA = "A sala foi refeita enquanto você estava fora; a mensagem não foi enviada."
_JA_ESTAMOS_FORA = frozenset({Codigo.FORA_DA_SALA, Codigo.SALA_INEXISTENTE, CONEXAO_CAIU})


class Porteiro:
    """Faz os pedidos de sala e aplica as respostas ao modelo."""

    def __init__(self, modelo: Modelo, pedidos: Pedidos, historico_max: Callable[[], int]) -> None:
        self._modelo, self._pedidos = modelo, pedidos
        self._historico_max = historico_max
        self._entrando: set[str] = set()
        # Só na memória, e só mandadas a quem as pede: quem volta com a ficha não precisa delas.
        self._senhas: dict[str, str] = {}

    # ------------------------------------------------------------------ entrar e sair

    def entrar(self, tipo: str, sala: str, campos: dict[str, Any]) -> None:
        """``tipo`` é ``entrar`` ou ``criar``. A recusa local e a do servidor são a mesma mudança."""
        criando = tipo == "criar"
        try:
            limpa = limpar_sala(sala)
            conversa = self._modelo.conversa(limpa)
            if conversa is not None and not criando:
                self._modelo.contar(m.EntrouNaSala(conversa.sala, ja_estava=True))
            elif chave(limpa) not in self._entrando:
                self._pedir_entrada(tipo, limpa, campos)
                self._entrando.add(chave(limpa))
        except ErroDeProtocolo as erro:
            self._ao_recusar_entrada(sala, criando, recusa_nossa(erro))

    def _pedir_entrada(self, tipo: str, sala: str, campos: dict[str, Any]) -> None:
        criando, senha = tipo == "criar", campos.get("senha")

        def aceitar(resposta: dict[str, Any]) -> None:
            self._ao_entrar(sala, criando, senha, resposta)

        def recusar(recusa: Recusa) -> None:
            lembrada = self._senha_para(sala, senha, recusa)
            if lembrada is not None:
                self._pedir_entrada(tipo, sala, {**campos, "senha": lembrada})
            else:
                self._ao_recusar_entrada(sala, criando, recusa)

        self._pedidos.pedir(tipo, {"sala": sala, **campos}, aceitar, recusar)

    def _senha_para(self, sala: str, mandada: str | None, recusa: Recusa) -> str | None:
        """A senha que já serviu nesta sessão, se é ela que falta; a que deixou de servir se esquece."""
        if recusa.codigo == Codigo.SENHA_INCORRETA and self._senhas.get(chave(sala)) == mandada:
            self._senhas.pop(chave(sala), None)
        if recusa.codigo == Codigo.SENHA_EXIGIDA and mandada is None:
            return self._senhas.get(chave(sala))
        return None

    def _ao_entrar(self, pedida: str, criando: bool, senha: str | None, resposta: dict[str, Any]) -> None:
        if chave(resposta["sala"]) != chave(pedida):
            self._ao_recusar_entrada(pedida, criando, Recusa(Codigo.INTERNO, _FRASE_DE_OUTRA_SALA))
            return
        self._entrando.discard(chave(pedida))
        if senha is not None:
            self._senhas[chave(pedida)] = senha
        conversa = self._modelo.abrir_conversa(resposta)
        self._modelo.contar(m.EntrouNaSala(conversa.sala, criada=criando))

    def receber_entrada(self, resposta: dict[str, Any]) -> None:
        """Entramos numa sala por um comando."""
        conversa = self._modelo.conversa(resposta["sala"])
        if conversa is not None and conversa.sala_id == resposta["sala_id"]:
            self._modelo.contar(m.EntrouNaSala(conversa.sala, ja_estava=True))
        else:
            conversa = self._modelo.abrir_conversa(resposta)
            self._modelo.contar(m.EntrouNaSala(conversa.sala))

    def _ao_recusar_entrada(self, sala: str, criando: bool, recusa: Recusa) -> None:
        self._entrando.discard(chave(sala))
        campo = _CAMPO_DO_CODIGO.get(recusa.codigo, recusa.campo)
        self._modelo.contar(m.EntradaRecusada(sala, recusa.codigo, recusa.frase, campo, criando, recusa.espere_ms))

    def recusar_sem_linha(self, tipo: str, sala: str) -> None:
        """Não há conexão com nome: nem se pede."""
        self._ao_recusar_entrada(sala, tipo == "criar", Recusa(CONEXAO_CAIU, _FRASE_SEM_LINHA))

    def sair(self, sala: str, tem_linha: bool) -> None:
        """Sai da sala; sem linha, só a esquece aqui (ao voltar, o servidor será avisado)."""
        conversa = self._modelo.conversa(sala)
        if conversa is None:
            return
        if not tem_linha:
            self.deixar(conversa)
            return
        self._pedidos.pedir("sair", {"sala": conversa.sala}, lambda _: self.deixar(conversa),
                            lambda recusa: self._ao_recusar_saida(conversa, recusa))

    def _ao_recusar_saida(self, conversa: Conversa, recusa: Recusa) -> None:
        if recusa.codigo in _JA_ESTAMOS_FORA:
            self.deixar(conversa)
        else:
            self._modelo.contar(m.PedidoFalhou("sair", recusa.codigo, recusa.frase, conversa.sala))

    def deixar(self, conversa: Conversa) -> None:
        """Já não estamos na sala, por vontade própria."""
        if self._modelo.conversa(conversa.sala) is conversa:
            self._modelo.fechar_conversa(conversa, "saiu", f"Você saiu de #{conversa.sala}.")

    # ------------------------------------------------------------------ lista de salas

    def listar_salas(self, acompanha: bool) -> None:
        """Pede a lista inteira, página por página; com ``acompanha``, também as mudanças ao vivo."""
        self._modelo.lista.comecar()
        self._pedir_pagina({"acompanhar": True} if acompanha else {})

    def parar_de_acompanhar(self) -> None:
        """As mudanças da lista não interessam mais."""
        self._pedidos.avisar("salas", {"acompanhar": False})

    def _pedir_pagina(self, campos: dict[str, Any]) -> None:
        self._pedidos.pedir("salas", campos, self._ao_chegar_pagina, self._ao_recusar_lista)

    def _ao_chegar_pagina(self, resposta: dict[str, Any]) -> None:
        depois_de = self._modelo.lista.receber_pagina(resposta["salas"], resposta["ha_mais"])
        if depois_de is not None:
            self._pedir_pagina({"depois_de": depois_de})
        else:
            self._modelo.contar(m.ListaDeSalasMudou(self._modelo.lista.esta_completa))

    def _ao_recusar_lista(self, recusa: Recusa) -> None:
        if recusa.codigo != CONEXAO_CAIU:
            self._modelo.contar(m.PedidoFalhou("salas", recusa.codigo, recusa.frase))

    # ------------------------------------------------------------------ voltar de uma queda

    def a_linha_caiu(self) -> None:
        """Nenhuma resposta virá; cada conversa espera pela volta."""
        for conversa in self._modelo.conversas.values():
            conversa.esta_voltando = True
            conversa.buscando = conversa.carregando_antigas = False

    def voltar_a_todas(self, salas_da_ficha: Iterable[str]) -> None:
        """Entra de novo em cada sala, pedindo só o que falta, e deixa as que já não queremos."""
        for conversa in self._modelo.conversas.values():
            desde = {"desde": conversa.ultima_seq, "sala_id": conversa.sala_id}
            self._pedir_volta(conversa, desde, self._ao_voltar)
        for sala in salas_da_ficha:
            if self._modelo.conversa(sala) is None:
                self._pedidos.avisar("sair", {"sala": sala})

    def _pedir_volta(self, conversa: Conversa, campos: dict[str, Any],
                     ao_ok: Callable[[Conversa, dict[str, Any]], None]) -> None:
        def conferir(resposta: dict[str, Any]) -> None:
            if chave(resposta["sala"]) == chave(conversa.sala):
                ao_ok(conversa, resposta)
            else:
                self._ao_recusar_volta(conversa, Recusa(Codigo.INTERNO, _FRASE_DE_OUTRA_SALA))

        def recusar(recusa: Recusa) -> None:
            lembrada = self._senha_para(conversa.sala, campos.get("senha"), recusa)
            if lembrada is not None:
                self._pedir_volta(conversa, {**campos, "senha": lembrada}, ao_ok)
            else:
                self._ao_recusar_volta(conversa, recusa)

        self._pedidos.pedir("entrar", {"sala": conversa.sala, "criar": False, **campos}, conferir, recusar)

    def _ao_voltar(self, conversa: Conversa, resposta: dict[str, Any]) -> None:
        if resposta["sala_id"] != conversa.sala_id or resposta.get("recomecou", False):
            devolvidos = self._modelo.caixa.devolver_sala(conversa.sala, "sala_refeita", _FRASE_DE_SALA_REFEITA)
            self._modelo.contar_devolvidos(devolvidos)
            self._recomecar(conversa, resposta)
        elif resposta["ultima_seq"] < conversa.ultima_seq:
            # A mesma sala, mais curta: o servidor perdeu dados, e o que se mostra aqui já não existe lá.
            self._pedir_volta(conversa, {}, self._recomecar)
        else:
            novas = conversa.voltar(resposta, self._modelo.hora_ms())
            self._modelo.contar(m.EntrouNaSala(conversa.sala, voltou=True))
            self._modelo.contar_membros(conversa)
            self._modelo.contar_novas(conversa, novas)
            self._modelo.soltar(conversa)

    def _recomecar(self, conversa: Conversa, resposta: dict[str, Any]) -> None:
        conversa.recomecar(resposta)
        self._modelo.contar(m.EntrouNaSala(conversa.sala, voltou=True, recomecou=True))
        self._modelo.contar_membros(conversa)
        self._modelo.contar_nao_lidas(conversa)

    def _ao_recusar_volta(self, conversa: Conversa, recusa: Recusa) -> None:
        if recusa.codigo != CONEXAO_CAIU:
            self._modelo.fechar_conversa(conversa, recusa.codigo, recusa.frase)

    # ------------------------------------------------------------------ histórico

    def pedir_mais_antigas(self, conversa: Conversa) -> bool:
        """Pede a página anterior; falso se não há, se já está vindo ou se não cabe mais."""
        if (not conversa.ha_mais or conversa.carregando_antigas or conversa.esta_voltando or conversa.esta_cheia
                or conversa.menor_seq <= 1):
            return False
        conversa.carregando_antigas = True
        campos = {"sala": conversa.sala, "antes": conversa.menor_seq, "limite": self._limite(ANTIGAS_POR_PAGINA)}
        self._pedidos.pedir("historico", campos, lambda resposta: self._ao_chegar_antigas(conversa, resposta),
                            lambda recusa: self._ao_falhar_antigas(conversa, recusa))
        return True

    def _ao_chegar_antigas(self, conversa: Conversa, resposta: dict[str, Any]) -> None:
        antigas = conversa.receber_antigas(resposta["mensagens"], resposta["ha_mais"])
        self._modelo.contar(m.AntigasChegaram(conversa.sala, tuple(antigas)))

    def _ao_falhar_antigas(self, conversa: Conversa, recusa: Recusa) -> None:
        conversa.carregando_antigas = False
        self._modelo.contar(m.AntigasFalharam(conversa.sala, recusa.frase))

    def pedir_pagina(self, conversa: Conversa, depois: int) -> None:
        """Uma página só para ler, do tamanho que o servidor der."""
        def ao_chegar(resposta: dict[str, Any]) -> None:
            mensagens = conversa.montar_pagina(resposta["mensagens"], depois)
            self._modelo.contar(m.PaginaChegou(conversa.sala, depois, tuple(mensagens), resposta["ha_mais"]))

        campos = {"sala": conversa.sala, "depois": depois, "limite": self._limite(HISTORICO_MAX)}
        self._pedidos.pedir("historico", campos, ao_chegar, lambda recusa: self._modelo.contar(
            m.PaginaFalhou(conversa.sala, depois, recusa.codigo, recusa.frase)))

    def buscar_faltas(self) -> None:
        """Pede o que falta no meio de cada conversa; mostra-se só depois, em ordem."""
        for conversa in self._modelo.conversas.values():
            if conversa.falta_buscar and not conversa.buscando and not conversa.esta_voltando:
                conversa.buscando = True
                self._pedir_faltas(conversa)

    def _pedir_faltas(self, conversa: Conversa) -> None:
        campos = {"sala": conversa.sala, "depois": conversa.ultima_seq, "limite": self._limite(HISTORICO_MAX)}
        self._pedidos.pedir("historico", campos,
                            lambda resposta: self._ao_chegar_faltas(conversa, resposta["mensagens"]),
                            lambda recusa: self._ao_falhar_faltas(conversa, recusa))

    def _ao_chegar_faltas(self, conversa: Conversa, mensagens: list[dict[str, Any]]) -> None:
        conversa.buscando = False
        novas = conversa.receber_pagina(mensagens)
        if not novas and conversa.falta_buscar:
            aviso, novas = conversa.saltar()
            self._modelo.contar(m.AvisoChegou(conversa.sala, aviso))
        self._modelo.contar_novas(conversa, novas)

    def _ao_falhar_faltas(self, conversa: Conversa, recusa: Recusa) -> None:
        if recusa.codigo != CONEXAO_CAIU:
            self._ao_chegar_faltas(conversa, [])

    def _limite(self, desejado: int) -> int:
        return max(1, min(desejado, self._historico_max()))


_CAMPO_DO_CODIGO = {
    Codigo.SALA_INVALIDA: "sala", Codigo.SALA_EXISTE: "sala", Codigo.SALA_INEXISTENTE: "sala", Codigo.BANIDO: "sala",
    Codigo.SENHA_EXIGIDA: "senha", Codigo.SENHA_INCORRETA: "senha", Codigo.SENHA_INVALIDA: "senha",
    Codigo.MUITAS_TENTATIVAS: "senha",
}
"""O campo da tela que cada recusa de entrada aponta."""
