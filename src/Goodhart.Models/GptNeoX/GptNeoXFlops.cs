using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.GptNeoX;

/// <summary>Floating-point operations (2 per multiply-add) of the products a pass needs: for estimates, costs and utilisation.</summary>
/// <remarks>Counts linear layers, the causal half of attention and the head on the rows that are read; a backward pass is twice a forward one.</remarks>
public sealed record GptNeoXFlops(GptNeoXConfig Config)
{
    /// <summary>Forward pass of one prompt with responses that share it.</summary>
    /// <param name="promptRead">Whether prompt rows are read by the head too (pre-training).</param>
    public double Forward(double prompt, double response, int responses, bool promptRead = false)
    {
        double d = Config.HiddenSize;
        double rows = prompt + (responses * response);
        double headRows = promptRead ? rows : 1 + (responses * response);
        double linearPerRow = 2 * ((4 * d * d) + (2 * d * Config.IntermediateSize));
        double pairs = (prompt * prompt / 2) + (responses * ((response * prompt) + (response * response / 2)));

        // In the last layer the rows that are not read go no further than their keys and values.
        double linear = (((Config.Layers - 1) * rows) + headRows) * linearPerRow;
        return linear + (Config.Layers * pairs * 4 * d) + (2 * headRows * Config.VocabSize * d);
    }

    public double Training(double prompt, double response, int responses, bool promptRead = false) =>
        3 * Forward(prompt, response, responses, promptRead);
}
