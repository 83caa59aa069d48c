using System.CommandLine;
using Goodhart.Models.Safetensors;

namespace Goodhart.Cli.Parsing;

/// <summary>What a model folder's weights are stored as.</summary>
internal sealed class StorageTypeOption
{
    private static readonly (string Name, StorageType Type)[] Types =
        [("float32", StorageType.F32), ("bfloat16", StorageType.BF16), ("float16", StorageType.F16)];

    public Option<string> Option { get; } = new Option<string>("--dtype")
    {
        Description =
            $"What the weights are stored as: {string.Join(", ", Types.Select(type => type.Name))}. Sums are in double whatever it is.",
        DefaultValueFactory = _ => Types[0].Name,
        HelpName = "TYPE",
    }.AcceptOnlyFromAmong([.. Types.Select(type => type.Name)]);

    public StorageType Of(ParseResult parse) => Array.Find(Types, known => known.Name == parse.GetValue(Option)).Type;
}
