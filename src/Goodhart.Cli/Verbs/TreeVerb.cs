using System.CommandLine;
using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Studies.Trees;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart tree</c>: appendix E, where the probability mass goes when the data are few.</summary>
internal sealed class TreeVerb : Verb
{
    private static readonly TreeSettings Standard = new();

    private readonly Option<string> loss = TextOption.Of(
        "--loss", "dpo,...", string.Join(',', Standard.Losses),
        $"Losses, with commas between: {string.Join(", ", LossCatalogue.OnPairs.Select(entry => entry.Name))}.");

    private readonly NumberListOption beta = new(
        "--beta",
        string.Join(',', Standard.Betas.Select(value => value.ToString(CultureInfo.InvariantCulture))),
        NumberRule.Above0(0.1),
        "KL penalties β, with commas between.");

    private readonly Option<int> seeds = NumberOption.Whole(
        "--seeds", 1, Standard.Seeds, "Runs of every setting, from different initial weights.");
    private readonly Option<string> policy = TextOption.Of(
        "--policy", "rnn,...", string.Join(',', Standard.Policies),
        $"Policies, with commas between: {string.Join(", ", TreePolicies.Names)}.");

    private readonly Option<int> depth = NumberOption.Whole("--depth", 1, Standard.Depth, "Actions of a trajectory.");
    private readonly Option<int> branching = NumberOption.Whole("--branching", 2, Standard.Branching, "Actions in every state.");
    private readonly Option<int> demonstrations = NumberOption.Whole(
        "--demonstrations", 1, Standard.Demonstrations, "Trajectories that SFT learns: the paper's three, then random ones.");

    private readonly Option<int> preferences = NumberOption.Whole(
        "--preferences", 1, Standard.Preferences, "Preference pairs: the paper's one, then random ones that agree with one order.");

    private readonly Option<int> steps = NumberOption.Whole("--steps", 1, Standard.Steps, "Full-batch Adam updates of alignment.");
    private readonly Option<double> learningRate = NumberOption.Above0(
        "--learning-rate", Standard.LearningRate, "Adam's step size in alignment.");
    private readonly Option<double> sftMass = NumberOption.Above0(
        "--sft-mass", Standard.SftMass, "SFT ends when the demonstrations have this probability together.");

    private readonly Option<int> sftSteps = NumberOption.Whole("--sft-steps", 0, Standard.SftSteps, "Most full-batch Adam updates of SFT.");
    private readonly Option<double> sftLearningRate = NumberOption.Above0(
        "--sft-learning-rate", Standard.SftLearningRate, "Adam's step size in SFT.");
    private readonly Option<int> hidden = NumberOption.Whole("--hidden", 1, Standard.Hidden, "Width of a recurrent policy's hidden state.");
    private readonly Option<bool> noSensitivity = TextOption.Flag(
        "--no-sensitivity", "Leave out the runs with other sizes, rates and ends of SFT.");

    private readonly Option<ulong> seed = CommonOptions.Seed("the first run and of data beyond the paper's");
    private readonly DeviceOptions device = new();
    private readonly Option<string> folder = TextOption.Of(
        "--out", "DIR", "tree", "Folder for report.html, results.json, trajectories.csv and figures/.");

    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public TreeVerb()
        : base("tree", "Where the probability mass goes: one preference on a tree of 27 trajectories, every probability at every step "
            + "(appendix E).") =>
        Take(
        [
            loss, beta.Option, seeds, policy, depth, branching, demonstrations, preferences, steps, learningRate, sftMass, sftSteps,
            sftLearningRate, hidden, noSensitivity, seed, .. device.All, folder, json, quiet,
        ], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart tree",
        "goodhart tree --policy rnn,tabular --loss dpo,ipo-code --beta 0.1 --out tree-cells",
        "goodhart tree --preferences 40 --demonstrations 6 --out tree-more-data",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        TreeSettings settings = Settings(parse);
        TreeExperiment.Validate(settings);   // before a folder is made
        IDevice[] devices = [.. Enumerable.Range(0, device.Threads(parse)).Select(_ => device.Maker(parse)(1))];
        using HeldDirectory held = HeldDirectory.Take(parse.GetValue(folder)!);
        TreeResults results;
        try
        {
            results = TreeExperiment.Run(
                settings, devices, new CountProgress(Error(parse), "run", "", parse.GetValue(quiet) || parse.GetValue(json)), cancel);
        }
        finally
        {
            Array.ForEach(devices, made => made.Dispose());
        }

        TreeReport report = TreeReport.Of(results, GoodhartCommand.Version);
        report.Write(held.Path);
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(TreeSummaryFile.Of(report)));
        }
        else
        {
            TreeTable.Write(report, Ansi.On(Out(parse)));
            Out(parse).WriteLine($"report: {Path.Combine(held.Path, "report.html")}");
        }

        return ExitCode.Done;
    }

    private TreeSettings Settings(ParseResult parse) => new()
    {
        Branching = parse.GetValue(branching),
        Depth = parse.GetValue(depth),
        Demonstrations = parse.GetValue(demonstrations),
        Preferences = parse.GetValue(preferences),
        Policies = CommaList.Split(parse.GetValue(policy)!),
        Losses = CommaList.Split(parse.GetValue(loss)!),
        Betas = beta.Of(parse),
        Seeds = parse.GetValue(seeds),
        Seed = parse.GetValue(seed),
        Hidden = parse.GetValue(hidden),
        SftMass = parse.GetValue(sftMass),
        SftSteps = parse.GetValue(sftSteps),
        SftLearningRate = parse.GetValue(sftLearningRate),
        Steps = parse.GetValue(steps),
        LearningRate = parse.GetValue(learningRate),
        Sensitivity = !parse.GetValue(noSensitivity),
    };

}
