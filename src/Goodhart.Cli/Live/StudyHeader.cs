using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Points;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;

namespace Goodhart.Cli.Live;

/// <summary>
/// What a run says of itself before it starts and after it ends: the formulas it minimises, and what the SFT models know.
/// </summary>
internal static class StudyHeader
{
    public static void Write(TextWriter writer, StudyDefinition study)
    {
        string betas = string.Join(", ", study.Align.Betas.Select(beta => beta.ToString(CultureInfo.InvariantCulture)));
        string models = string.Join(", ", study.Models.Select(model => model.Name));
        writer.WriteLine(Line($"study {study.Name}: models {models}; β {betas}; seeds {string.Join(", ", study.Seeds)}"));
        foreach (string name
            in study.Align.Also.Select(also => also.Losses ?? []).Prepend(study.Align.Losses).SelectMany(names => names).Distinct())
        {
            writer.WriteLine(Line($"  {name}: {Formula(name, study.Align.Betas[0])}"));
        }

        string[] remedies = [.. study.Align.Also.SelectMany(also => also.Remedies ?? []).Concat(study.Align.Remedies ?? []).Distinct()];
        if (remedies.Length > 0)
        {
            writer.WriteLine(Line($"  each loss by itself, and under {string.Join("; ", remedies)}"));
        }

        writer.WriteLine("  Δ = the chosen minus the rejected response's log π/π_ref, summed over tokens");
    }

    /// <summary>Per-slot accuracy of the SFT models: which facts a model has learned to copy decides its win rate.</summary>
    public static void WriteSlots(TextWriter writer, StudyResults results)
    {
        foreach (ModelSummary model in results.Study.Models.Where(model => model.SlotAccuracy.Count > 0))
        {
            string slots = string.Join("  ", model.SlotAccuracy.Select(slot => Line($"{slot.Key} {slot.Value:F2}")));
            writer.WriteLine(Line($"SFT {model.Name}, share right by slot: {slots}"));
        }
    }

    private static string Formula(string name, double beta) => name switch
    {
        RlhfMethods.Ppo => "E r − β KL(π‖π_ref), r a reward model, by PPO",
        RlhfMethods.BestOfN => "the SFT model's best of n samples by the reward model",
        _ => $"mean over pairs of {LossCatalogue.Create(name, beta).Formula}",
    };

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
