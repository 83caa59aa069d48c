using Goodhart.Alignment.Training;
using Goodhart.Cli.Bench.Shapes;
using Goodhart.Engine;
using Goodhart.Models;

namespace Goodhart.Cli.Bench.Work;

/// <summary>A step that can be done again and again: each time the same calls on the same rows.</summary>
/// <param name="name">As a row of the result has it.</param>
/// <param name="unit">What <see cref="WorkAmount.Items"/> counts.</param>
internal sealed class WorkPart(string name, string unit, WorkAmount amount, Action step, params IDisposable[] owned) : IDisposable
{
    public string Name => name;

    public string Unit => unit;

    public WorkAmount Amount => amount;

    public void Step() => step();

    public void Dispose() => Array.ForEach(owned, one => one.Dispose());
}

/// <summary>How work is done.</summary>
/// <param name="RowBudget">Token rows computed at once.</param>
internal sealed record WorkChoice(BenchTexts Texts, int RowBudget, TrainingMemory Memory);

/// <summary>On what work is done.</summary>
/// <param name="Model">With a language head; trained where the work trains.</param>
internal sealed record WorkSetting(LanguageModel Model, WorkChoice Choice)
{
    /// <summary>False where nothing is computed.</summary>
    public bool HasWeights { get; init; } = true;

    public BenchTexts Texts => Choice.Texts;

    public int RowBudget => Choice.RowBudget;

    public TrainingMemory Memory => Choice.Memory;

    public IDevice Device => Model.Device;

    public ModelShape Shape => Model.Shape;

    /// <summary>A model of the same size with a head of one score.</summary>
    public LanguageModel ScoreModel()
    {
        LanguageModel model = Model.Config.WithScoreHead().Create(Device, training: true);
        if (HasWeights)
        {
            BenchWeights.Fill(model);
        }

        return model;
    }
}
