using Goodhart.Engine;

namespace Goodhart.Testing.Reference;

internal sealed unsafe partial class ReferenceOps
{
    public void Tanh(Mat x, Mat y) => Each(x, (i, j) => At(y, i, j) = (float)Math.Tanh(At(x, i, j)));

    public void TanhGrad(Mat y, Mat dy, Mat dx) =>
        Each(y, (i, j) => At(dx, i, j) = (float)(At(dy, i, j) * (1 - ((double)At(y, i, j) * At(y, i, j)))));

    public void GatedUnit(Mat gates, Mat recurrent, Mat hidden, Mat y) => Each(hidden, (i, j) =>
    {
        (double _, double z, double c) = Gates(gates, recurrent, i, j, hidden.Cols);
        At(y, i, j) = (float)(((1 - z) * c) + (z * At(hidden, i, j)));
    });

    public void GatedUnitGrad(Mat gates, Mat recurrent, Mat hidden, Mat dy, Mat dGates, Mat dRecurrent, Mat dHidden) =>
        Each(hidden, (i, j) =>
    {
        int d = hidden.Cols;
        (double r, double z, double c) = Gates(gates, recurrent, i, j, d);
        double upstream = At(dy, i, j);
        double inner = At(recurrent, i, j + (2 * d));
        double dCandidate = upstream * (1 - z) * (1 - (c * c));
        double dUpdate = upstream * (At(hidden, i, j) - c) * z * (1 - z);
        double dReset = dCandidate * inner * r * (1 - r);
        At(dHidden, i, j) = (float)(upstream * z);
        (At(dGates, i, j), At(dRecurrent, i, j)) = ((float)dReset, (float)dReset);
        (At(dGates, i, j + d), At(dRecurrent, i, j + d)) = ((float)dUpdate, (float)dUpdate);
        (At(dGates, i, j + (2 * d)), At(dRecurrent, i, j + (2 * d))) = ((float)dCandidate, (float)(dCandidate * r));
    });

    private (double Reset, double Update, double Candidate) Gates(Mat gates, Mat recurrent, int row, int col, int d)
    {
        double Sum(int gate) => (double)At(gates, row, col + (gate * d)) + At(recurrent, row, col + (gate * d));
        double r = Sigmoid(Sum(0));
        double inner = At(recurrent, row, col + (2 * d));
        return (r, Sigmoid(Sum(1)), Math.Tanh(At(gates, row, col + (2 * d)) + (r * inner)));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
