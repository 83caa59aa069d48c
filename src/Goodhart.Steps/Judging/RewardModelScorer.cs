using System.Globalization;
using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Text;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Judging;

/// <summary>A reward model as a judge of texts, which it reads as its training did: see <see cref="ScoredText"/>.</summary>
public sealed class RewardModelScorer : IResponseScorer, IDisposable
{
    /// <summary>How texts are read, as part of keys. 2: conversations as training reads them. 3: an adapter's base is not asked how its
    /// rows were written.</summary>
    public const int Reading = 3;

    private readonly InputFolder folder;

    /// <summary>Null where somebody else's is used.</summary>
    private IDevice? owned;

    private readonly LanguageModel model;
    private readonly RewardScorer scorer;
    private readonly ScoredText texts;
    private readonly ScoredText conversations;

    /// <param name="device">Stays the caller's.</param>
    /// <param name="folder">A sequence classification folder with one label and a tokenizer.json.</param>
    /// <param name="told">As <see cref="ModelFolder.Open"/> has it.</param>
    /// <exception cref="FileNotFoundException">No such folder, or a file of it is missing.</exception>
    /// <exception cref="InvalidDataException">A broken file, or a model that is none of rewards.</exception>
    /// <exception cref="TokenizerException">A broken or unsupported tokenizer.json.</exception>
    public RewardModelScorer(IDevice device, string folder, Action<string>? told)
    {
        if (!Directory.Exists(folder))
        {
            throw MissingModel.At(folder);
        }

        texts = ScoredText.Of(folder, writtenByTemplate: false);
        conversations = ScoredText.Of(folder, writtenByTemplate: true);
        this.folder = ModelFiles.Input(folder);
        using ModelFolder opened = ModelFolder.Open(folder, told);
        model = opened.Load(device, training: false, OutputHead.Score);
        scorer = new RewardScorer(model);
    }

    public string Identity =>
        $$"""{"kind":"reward","model":"{{folder.Sha256}}","reading":{{Reading.ToString(CultureInfo.InvariantCulture)}}}""";

    /// <summary>With a device of its own.</summary>
    /// <inheritdoc cref="RewardModelScorer(IDevice, string, Action{string}?)"/>
    public static RewardModelScorer Open(Func<IDevice> createDevice, string folder, Action<string>? told)
    {
        IDevice device = createDevice();
        try
        {
            return new RewardModelScorer(device, folder, told) { owned = device };
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">A prompt and a response are longer together than the model's positions.</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<PromptedResponse> responses, CancellationToken cancel)
    {
        // The data set's response comes with each of a prompt's samples: every text is read once, and a prompt once for all of its own.
        PromptedResponse[][] own =
            [.. responses.Distinct().GroupBy(response => (response.Prompt, response.WrittenByTemplate)).Select(prompt => prompt.ToArray())];
        PromptTree[] trees = Array.ConvertAll(own, Tree);
        Array.ForEach(trees, RequireRoom);
        double[][] rewards = ResponseTrees.Merge(trees, scorer.Rewards(ResponseTrees.Split(trees), cancel));
        Dictionary<PromptedResponse, double> scores = own.SelectMany(prompt => prompt)
            .Zip(rewards.SelectMany(reward => reward)).ToDictionary(scored => scored.First, scored => scored.Second);
        return [.. responses.Select(response => scores[response])];
    }

    public void Dispose()
    {
        scorer.Dispose();
        model.Dispose();
        owned?.Dispose();
    }

    private void RequireRoom(PromptTree tree)
    {
        int longest = tree.Responses.Max(response => response.Length);
        if (tree.Prompt.Length + longest > model.MaxPositions)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"the reward model has {model.MaxPositions} positions, and a prompt of {Quantity.Of(tree.Prompt.Length, "token")} with "
                    + $"a response of {longest} needs more. Shorten the prompts."));
        }
    }

    /// <summary>A prompt with its responses.</summary>
    private PromptTree Tree(PromptedResponse[] responses)
    {
        ScoredText reading = responses[0].WrittenByTemplate ? conversations : texts;
        return new PromptTree(
            reading.Prompt(responses[0].Prompt),
            Array.ConvertAll(responses, prompted => reading.Response(prompted.Response.Raw, prompted.Response.Finished)));
    }
}
