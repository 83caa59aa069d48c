namespace Goodhart.Alignment.Losses;

/// <summary>Other programs' names, each spelled once. What they call a loss was read from their code or documentation.</summary>
internal static class Tool
{
    private const string DpoCode = "DPO reference code";

    public static ForeignName Reference(string name) => new(DpoCode, name);

    public static ForeignName Trl(string name) => new("TRL", name);

    public static ForeignName OpenRlhf(string name) => new("OpenRLHF", name);

    public static ForeignName LlamaFactory(string name) => new("LLaMA-Factory", name);

    public static ForeignName Halos(string name) => new("HALOs", name);

    public static ForeignName SimPo(string name) => new("SimPO", name);

    public static ForeignName OpenInstruct(string name) => new("open-instruct", name);

    public static ForeignName Torchtune(string name) => new("torchtune", name);
}
