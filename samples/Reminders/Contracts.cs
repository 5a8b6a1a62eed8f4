namespace Reminders;

public record OrderSubmitted(Guid OrderId);

public record OrderPaid(Guid OrderId);

public record PaymentOverdue(Guid OrderId);

public record SendReminder(Guid OrderId);

public record ReminderSent(Guid OrderId);
