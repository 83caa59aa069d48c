using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Hub.Cards;
using Goodhart.Models;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart merge</c>: an adapter into the weights that it stands on.</summary>
internal sealed class MergeVerb : Verb
{
    private readonly Argument<string> adapter = TextArgument.Of(
        "ADAPTER", "A folder as PEFT writes it (adapter_config.json, adapter_model.safetensors), such as DIR/model of a run with "
            + "--lora.").AcceptHubName();

    private readonly Option<string> folder = TextOption.Required("--out", "DIR", "A new or empty folder.");

    private readonly Option<string?> trunk = TextOption.OrNone(
        "--base", "MODEL",
        "The model that the adapter stands on, where it is no longer where adapter_config.json says.").AcceptHubNameOrNone();

    private readonly StorageTypeOption type = new();

    public MergeVerb()
        : base(
            "merge",
            "Write a model folder of an adapter and its base: W + scaling·B A in every adapted layer, everything else as it is.") =>
        Take([adapter, folder, trunk, type.Option, new ConfigOption()], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart merge dpo/model --out merged",
        "goodhart merge dpo/checkpoints/step-200 --out merged --dtype bfloat16",
    ];

    private int Run(ParseResult parse)
    {
        string path = parse.GetValue(adapter)!;
        string? below = parse.GetValue(trunk);
        LoadedModel.RequireFolder(path);
        LoadedModel.RequireFolder(below ?? path);
        using ModelFolder model = ModelFolder.Open(path, ModelNotes.To(Error(parse), quiet: false), below);
        if (model.Base is not { } own)
        {
            throw new InvalidDataException($"{path}: expected an adapter's folder (adapter_config.json), found a model: there is "
                + $"nothing to merge.");
        }

        string target = parse.GetValue(folder)!;
        ModelFolder.Save(target, model.Config, model.ReadInto, new SaveOptions
        {
            Type = type.Of(parse),
            CarryFrom = own.Path,
            TokenizerFrom = ModelFolder.HasTokenizer(path) ? path : null,
            OtherFiles = new Dictionary<string, string>(ChatRecord.Of([model], told: null))
            {
                [ModelCard.FileName] = Card(parse, path, own.Path).Text(),
            },
        });
        Out(parse).WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Config.Shape.Parameters:N0} parameters, adapter of rank {model.Lora!.Rank} merged  {Path.GetFullPath(target)}"));
        return ExitCode.Done;
    }

    private static ModelCard Card(ParseResult parse, string adapter, string trunk)
    {
        (CardSource upper, CardSource lower) = (CardSource.Of(adapter), CardSource.Of(trunk));
        return new ModelCard(
            $"{upper.Place}, merged",
            $"The adapter {upper.Place}, merged into the weights of {lower.Place}. Made with Goodhart {GoodhartCommand.Version}.")
        {
            BaseModels = [.. lower.HubIds.Concat(upper.HubIds).Distinct()],
            Relation = "merge",
            License = lower.License,
            Tags = ["goodhart", "lora", "merge"],
            Command = CommandText.Of(parse),
        };
    }
}
