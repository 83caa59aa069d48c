using Goodhart.Evaluation.Points;

namespace Goodhart.Studies.Wording;

/// <summary>Losses as the papers write them; any other name is shown as it is.</summary>
internal static class LossNames
{
    public static string Display(string loss) => loss switch
    {
        "" => "SFT",
        "dpo" => "DPO",
        "ipo" => "IPO",
        "slic" => "SLiC",
        "r-dpo" => "R-DPO",
        "ppo" => "PPO",
        _ when RemediedLosses.Contains(loss) => $"{Display(RemediedLosses.LossOf(loss))} + {RemediedLosses.RemediesOf(loss)}",
        _ when loss.EndsWith(')') && loss.IndexOf('(', StringComparison.Ordinal) is > 0 and int numbers =>
            $"{Display(loss[..numbers])} {loss[numbers..].Replace(";", ", ", StringComparison.Ordinal)}",
        _ => loss,
    };
}
