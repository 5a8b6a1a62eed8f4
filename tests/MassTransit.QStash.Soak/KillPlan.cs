namespace MassTransit.QStash.Soak;

/// <summary>Who is killed when: all kinds in turn, in an order that is drawn, at places that are drawn.</summary>
static class KillPlan
{
    /// <summary>What is killed after this is no longer in the middle of the work.</summary>
    const double Last = 0.95;

    public static IEnumerable<(Victim Victim, double At)> Create(int kills, Random random)
    {
        var victims = Enum.GetValues<Victim>();
        for (var kill = 0; kill < kills; kill++)
        {
            if (kill % victims.Length == 0)
                random.Shuffle(victims);

            yield return (victims[kill % victims.Length], Last * (kill + random.NextDouble()) / kills);
        }
    }
}
