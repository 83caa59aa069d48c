using Goodhart.Engine;
using Goodhart.Models.Sampling;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Measuring;

/// <summary>Samples responses to prompts, a line each, in the order of the prompts.</summary>
public sealed record SampleResponses : PromptLines<SampleSummary>
{
    public required InputFolder Model { get; init; }

    public override string Name => "sample";

    public override void Check()
    {
        LoadedModel.RequireFolder(Model.Path);
        base.Check();
    }

    public override SampleSummary Run(Func<IDevice> device, ILines lines, CancellationToken cancel)
    {
        using LoadedModel model = Open(device, Model);
        IReadOnlyList<PromptRow> prompts = ReadPrompts(model);
        Tally tally = new();
        foreach (string line in lines.Earlier())
        {
            tally.Add(JsonLines.Read<SampledResponse>(line));
        }

        int done = lines.Count / Sampling.Samples;
        Report(done, prompts.Count);
        using ResponseSampler sampler = new(model, Sampling);
        foreach ((PromptRow prompt, Rollout[] own) in sampler.Sample([.. prompts.Skip(done)], cancel))
        {
            SampledResponse[] responses = [.. own.Select(rollout => Line(model, prompt, rollout))];
            lines.Append([.. responses.Select(JsonLines.Write)]);
            Array.ForEach(responses, tally.Add);
            Report(++done, prompts.Count);
        }

        return tally.Summary();
    }

    private static SampledResponse Line(LoadedModel model, PromptRow prompt, Rollout rollout)
    {
        int[] text = rollout.Finished ? rollout.Tokens[..^1] : rollout.Tokens;
        return new SampledResponse(
            prompt.Row,
            rollout.Sample,
            prompt.Text,
            model.Tokenizer is { } tokenizer ? DecodedText.Of(tokenizer, text) : null,
            rollout.LogProb,
            rollout.Finished ? FinishReason.Eos : FinishReason.Length,
            prompt.Ids,
            rollout.Tokens);
    }

    private sealed class Tally
    {
        private int responses;
        private long tokens;
        private int finished;

        public void Add(SampledResponse response)
        {
            responses++;
            tokens += response.ResponseIds.Length;
            finished += response.FinishReason == FinishReason.Eos ? 1 : 0;
        }

        public SampleSummary Summary() => new(responses, tokens / (double)responses, finished / (double)responses);
    }
}

/// <param name="MeanLength">Tokens, EOS included.</param>
/// <param name="EosRate">Share that ended with EOS.</param>
public sealed record SampleSummary(int Responses, double MeanLength, double EosRate);
