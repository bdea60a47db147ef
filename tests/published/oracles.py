"""Where each published example is tested, and which lie outside what this library models. The one such list."""

TESTED = {
    "test_ahp": (
        "ahp_aij_ev_unanimous_best_loses",
        "ahp_belton_gear_rank_reversal",
        "ahp_ev_pareto_inefficient",
        "ahp_group_aij_aip",
        "ahp_group_reciprocal_mean",
        "ahp_incomplete_bozoki",
        "ahp_incomplete_harker",
        "ahp_right_left_asymmetry_jbw",
        "ahp_saaty_drinks",
        "ahp_saaty_house_criteria",
        "ahp_saaty_house_hierarchy",
        "ahp_wikipedia_car",
        "gci_thresholds",
        "neg_aij_hierarchy_unanimity",
        "neg_ev_rank_monotonicity",
        "random_index_tables",
    ),
    "test_consensus_graph": (
        "condorcet_paradox_3",
        "consensus_graph_two_blocs",
        "degroot_1974_2x2",
        "degroot_1974_3x3",
        "degroot_jackson_3_4_4",
        "degroot_periodic",
        "kemeny_snell_ties",
        "kendall_w_proofwiki",
        "neg_borda_clones",
        "neg_schulze_fails_IIA",
        "neg_schulze_fails_LIIA",
        "neg_schulze_strong_pareto_ties",
        "real_nasa_mariner",
        "schulze_wikipedia_45",
        "tennessee",
    ),
    "test_weighted_sum": (
        "neg_group_minmax_of_mean_matrix",
        "saw_linear_max_4x4",
        "wsm_minmax_rank_reversal",
        "wsm_triantaphyllou_tie",
    ),
}
"""By file of this folder."""

OUT_OF_SCOPE = {
    "polis_group_aware_consensus": "Polis finds groups among voters on statements; here judges order alternatives",
    "promethee2_8x4": "PROMETHEE II is no model of this library; a plug-in may bring it",
    "topsis_tzeng2011": "TOPSIS is no model of this library; a plug-in may bring it",
}
"""With the reason."""
