using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Steps.Folders;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Verification;

/// <summary>Verifies a model on this machine: every promise that a user can check for himself, on his own weights and rows.</summary>
/// <param name="createDevice">A device with so many threads.</param>
/// <param name="starting">Told the name of every check before it runs.</param>
/// <param name="told">Of the models, as <see cref="ModelFolder.Open"/> has it.</param>
public sealed class ModelVerification(
    VerificationOptions options, Func<int, IDevice> createDevice, Action<string> starting, Action<string>? told)
{
    /// <exception cref="InvalidDataException">Bad input: a model, a row, or two vocabularies.</exception>
    /// <exception cref="NonFiniteException">The model's log-probs or gradients are not finite.</exception>
    public VerificationReport Run(CancellationToken cancel)
    {
        using IDevice device = createDevice(options.Threads);
        List<CheckResult> results = [];
        IReadOnlyList<TokenizedPair> pairs;
        ReferencePair[] own;
        using (LoadedModel model = LoadedModel.Open(device, options.Model, told))
        {
            using LoadedModel? reference = OpenReference(device, model);
            pairs = VerificationRows.Of(model, options, told);
            own = ReferenceChecks.Scored(model, pairs);
            ScoringChecks scoring = new(model, pairs, options.Seed);
            Check("packing", scoring.Packing);
            Check("prefix sharing", scoring.PrefixSharing);
            Check("plain path", scoring.PlainPath);
            Check("sampling", scoring.Rescoring);
            if (reference is not null)
            {
                ReferenceChecks against = new(model, reference, pairs);
                ReferencePair[] scores = ReferenceChecks.Scored(reference, pairs);
                Check("REFERENCE's log-probs", () => against.LogProbs(device, scores));
                Check("loss against REFERENCE", () => against.Loss(device, scores));
            }
        }

        // The model above is gone by now: training holds weights, gradients and optimizer state of its own.
        TrainingChecks training = new(new VerifiedTraining(options.Model, pairs, own), device, createDevice);
        Check("step 0 loss", training.StepZeroLoss);
        Check("step 0 rewards", training.StepZeroRewards);
        Check("micro-batches", training.MicroBatches);
        Check("threads", training.Threads);
        Check("resume", training.Resume);
        cancel.ThrowIfCancellationRequested();
        starting("adapter");
        results.AddRange(new AdapterChecks(options.Model, pairs, device).Run());
        return new VerificationReport(
            options.Model, options.Reference, options.Data ?? "random tokens", pairs.Count,
            $"{device.Info.Name}, {device.Info.InstructionSet}", device.Info.Threads, results);

        void Check(string name, Func<CheckResult> check)
        {
            cancel.ThrowIfCancellationRequested();
            starting(name);
            results.Add(check());
        }
    }

    private LoadedModel? OpenReference(IDevice device, LoadedModel model)
    {
        if (options.Reference is not { } path)
        {
            return null;
        }

        LoadedModel reference = LoadedModel.Open(device, path, told);
        try
        {
            SharedVocabulary.Require(model, reference);
            return reference;
        }
        catch
        {
            reference.Dispose();
            throw;
        }
    }
}
