namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class CpuOps
{
    public void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp) => throw new NotImplementedException();

    public void HeadLogProbGrad(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight) => throw new NotImplementedException();

    public void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy) => throw new NotImplementedException();

    public void HeadLogits(Mat hidden, Mat weight, Mat y) => throw new NotImplementedException();

    public void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb) => throw new NotImplementedException();

    public void SumSquares(Mat x, Mat result) => throw new NotImplementedException();

    public void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm) => throw new NotImplementedException();

    public void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps) => throw new NotImplementedException();

    public void AdamW(Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step) => throw new NotImplementedException();
}
