using Goodhart.Models;

namespace Goodhart.Cli.Bench.Work;

/// <summary>What one step does. Padding is none of it, and what a layout computes twice counts once.</summary>
/// <param name="Tokens">Of prompts and responses as the data has them, a pair's prompt once; for sampling, sampled
/// tokens, and of its first part prompt tokens.</param>
/// <param name="Items">Pairs, examples or responses.</param>
/// <param name="Flops">Of the products needed.</param>
internal readonly record struct WorkAmount(double Tokens, double Items, double Flops)
{
    /// <summary>Products of a forward pass over a prompt that its responses share; a response's last token is no input.</summary>
    public static double Forward(ModelShape shape, int prompt, params ReadOnlySpan<int> responses)
    {
        double rows = prompt;
        double pairs = Triangle(prompt);
        double read = 1;
        double readPairs = prompt;
        foreach (int response in responses)
        {
            int inputs = response - 1;
            double own = ((double)inputs * prompt) + Triangle(inputs);
            (rows, pairs, read, readPairs) = (rows + inputs, pairs + own, read + inputs, readPairs + own);
        }

        return shape.Products(rows, read, pairs, readPairs);
    }

    /// <summary>... where every token is an input and the responses' last ones are read: reward models.</summary>
    public static double ForwardToScores(ModelShape shape, int prompt, params ReadOnlySpan<int> responses)
    {
        double rows = prompt;
        double pairs = Triangle(prompt);
        double readPairs = 0;
        foreach (int response in responses)
        {
            (rows, pairs) = (rows + response, pairs + ((double)response * prompt) + Triangle(response));
            readPairs += prompt + response;
        }

        return shape.Products(rows, responses.Length, pairs, readPairs);
    }

    private static double Triangle(double rows) => rows * (rows + 1) / 2;
}
