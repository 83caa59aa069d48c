using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Hub.Cards;
using Goodhart.Models;
using Goodhart.Models.Averaging;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart average</c>: models in weight space, without training.</summary>
internal sealed class AverageVerb : Verb
{
    private readonly Argument<string[]> models = TextArgument.Several(
        "MODEL", least: 1,
        "Model folders, or folders of them such as DIR/checkpoints, which stand for all their checkpoints in the order of training.")
            .AcceptHubNames();

    private readonly Option<string> folder = TextOption.Required("--out", "DIR", "A new or empty folder.");

    private readonly Option<double?> alpha = NumberOption.OrNone(
        "--alpha", NumberRule.Share(0.5), "Between two models, SFT first: (1 − alpha)·first + alpha·second (WiSE-FT).");

    private readonly Option<double?> ema = NumberOption.OrNone(
        "--ema", NumberRule.Share(0.9), "Exponential moving average with this decay, below 1, in the order given, begun at the first.");

    private readonly Option<string?> weights = TextOption.OrNone(
        "--weights", "0.5,0.25,0.25",
        "A weight for each model, together 1, with commas between. Default, without --alpha and --ema: all alike.");

    private readonly StorageTypeOption type = new();

    private readonly Option<bool> json = CommonOptions.Json();

    public AverageVerb()
        : base(
            "average",
            "Average models parameter by parameter: between SFT and aligned model (WiSE-FT), of checkpoints or seeds (soups), "
                + "or as an EMA.") =>
        Take([models, folder, alpha, ema, weights, type.Option, json, new ConfigOption()], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart average sft/model dpo/model --alpha 0.5 --out half-way",
        "goodhart average dpo/checkpoints --out soup",
        "goodhart average dpo/checkpoints --ema 0.9 --out ema",
        "goodhart average seed0/model seed1/model seed2/model --weights 0.5,0.25,0.25 --out seeds",
    ];

    private int Run(ParseResult parse)
    {
        AverageWeights rule = Rule(parse);
        string[] paths = [.. parse.GetValue(models)!.SelectMany(CheckpointFolders.Of)];
        double[] shares = rule.Of(paths.Length);
        string target = parse.GetValue(folder)!;
        Action<string>? note = ModelNotes.To(Error(parse), quiet: false);
        ModelFolder[] opened = new ModelFolder[paths.Length];
        try
        {
            for (int i = 0; i < paths.Length; i++)
            {
                opened[i] = ModelFolder.Open(paths[i], note);
            }

            ModelAverage.RequireAlike(opened);
            object record = new
            {
                method = rule.Name,
                models = paths.Select((path, i) => new
                {
                    path = Path.GetFullPath(path),
                    ModelFiles.Input(path).Sha256,
                    weight = shares[i],
                }),
                carriedFrom = Path.GetFullPath(ModelFolder.BaseOf(paths[0])),
            };
            string text = JsonLayout.Text(record);
            ModelAverage.Save(target, opened, shares, new SaveOptions
            {
                Type = type.Of(parse),
                CarryFrom = ModelFolder.BaseOf(paths[0]),
                TokenizerFrom = ModelFolder.TokenizerOf(paths[0]),
                OtherFiles = new Dictionary<string, string>(ChatRecord.Of(opened, note))
                {
                    ["average.json"] = text,
                    [ModelCard.FileName] = Card(parse, rule, paths, shares).Text(),
                },
            });
            Write(parse, text, paths, shares, target);
        }
        finally
        {
            Array.ForEach(opened, model => model?.Dispose());
        }

        return ExitCode.Done;
    }

    private static ModelCard Card(ParseResult parse, AverageWeights rule, string[] paths, double[] shares)
    {
        CardSource[] sources = [.. paths.Select(CardSource.Of)];
        CardLicense?[] licenses = [.. sources.Select(source => source.License).Distinct()];
        return new ModelCard(
            $"Average of {paths.Length} models",
            $"A weighted mean of models, parameter by parameter ({rule.Name}). Made with Goodhart {GoodhartCommand.Version}.")
        {
            BaseModels = [.. sources.SelectMany(source => source.HubIds).Distinct()],
            Relation = "merge",
            License = licenses is [{ } only] ? only : null,
            Tags = ["goodhart", "merge"],
            Sections =
            [
                new CardSection(
                    "Models",
                    [
                        .. sources.Zip(shares).Select(
                            pair => (pair.First.Place, pair.Second.ToString("0.######", CultureInfo.InvariantCulture))),
                    ]),
            ],
            Command = CommandText.Of(parse),
        };
    }

    /// <exception cref="ArgumentException">More than one way to weigh, or a number out of its range.</exception>
    private AverageWeights Rule(ParseResult parse)
    {
        AverageWeights[] given =
        [
            .. parse.GetValue(alpha) is { } share ? (AverageWeights[])[new Interpolation { Alpha = share }] : [],
            .. parse.GetValue(ema) is { } decay ? (AverageWeights[])[new MovingAverage { Decay = decay }] : [],
            .. parse.GetValue(weights) is { } list ? (AverageWeights[])[new GivenWeights([.. CommaList.Split(list).Select(Weight)])] : [],
        ];
        return given.Length <= 1
            ? given.FirstOrDefault(new UniformWeights())
            : throw new ArgumentException($"expected one of --alpha, --ema and --weights, found {given.Length}: leave the others out.");
    }

    private static double Weight(string text) => NumberRule.Finite(0.5).TryRead(text, out double value)
        ? value
        : throw new ArgumentException(NumberRule.Finite(0.5).Refusal("--weights", text));

    private void Write(ParseResult parse, string text, string[] paths, double[] shares, string target)
    {
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(text);
            return;
        }

        foreach ((string path, double share) in paths.Zip(shares))
        {
            Out(parse).WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share,10:0.######}  {path}"));
        }

        Out(parse).WriteLine($"average    {Path.GetFullPath(target)}");
    }
}
