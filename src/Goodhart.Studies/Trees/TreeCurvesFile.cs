using System.Globalization;
using System.Text;
using Goodhart.Pipeline;

namespace Goodhart.Studies.Trees;

/// <summary>trajectories.csv: the probability of every trajectory at every step of every run, one row a step.</summary>
public static class TreeCurvesFile
{
    /// <summary>Columns policy, loss, beta, seed, step, objective, margin (nats), then one a trajectory, named by its path.</summary>
    public static void Write(TreeResults results, string path)
    {
        TreeShape shape = results.Shape();
        StringBuilder text = new("policy,loss,beta,seed,step,objective,margin");
        for (int k = 0; k < shape.Trajectories; k++)
        {
            text.Append(',').Append(shape.Path(k));
        }

        text.Append('\n');
        foreach (TreeRun run in results.Runs)
        {
            string start = string.Create(CultureInfo.InvariantCulture, $"{run.Policy},{run.Loss},{run.Beta},{run.Seed},");
            for (int step = 0; step < run.Probabilities.Count; step++)
            {
                text.Append(start).Append(CultureInfo.InvariantCulture, $"{step},{run.Losses[step]:G7},{run.Margins[step]:G7}");
                foreach (float probability in run.Probabilities[step])
                {
                    text.Append(CultureInfo.InvariantCulture, $",{probability:G6}");
                }

                text.Append('\n');
            }
        }

        AtomicFile.WriteAllText(path, text.ToString());
    }
}
